"""The content origin: it shows what people sent, and nothing else is there."""
