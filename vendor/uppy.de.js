import german from "@uppy/locales/lib/de_DE.js";

// The package lacks some that we show.
export const locale = {
  ...german,
  strings: {
    ...german.strings,
    dataUploadedOfUnknown: "%{complete} von unbekannt",
    error: "Fehler",
    showErrorDetails: "Einzelheiten zum Fehler zeigen",
    unnamed: "Ohne Namen",
  },
};
