// Prints "<sha256>  <name>" for every file of an archive: java Reader.java (tar|zip|zipstream) <path>

import java.io.DataInputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

final class Reader {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        Path archive = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "tar" -> readTar(archive);
            case "zip" -> readZip(archive);
            default -> readZipStream(archive);
        }
    }

    private static void readZip(Path archive) throws Exception {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                print(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
    }

    private static void readZipStream(Path archive) throws Exception {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                print(entry.getName(), zip.readAllBytes());
            }
        }
    }

    private static void readTar(Path archive) throws Exception {
        InputStream inflated = new GZIPInputStream(Files.newInputStream(archive));
        try (DataInputStream tar = new DataInputStream(inflated)) {
            byte[] header = new byte[512];
            String path = null;
            for (tar.readFully(header); header[0] != 0; tar.readFully(header)) {
                int size = Integer.parseInt(text(header, 124, 11), 8);
                byte[] body = tar.readNBytes(size);
                tar.skipNBytes((512 - size % 512) % 512);
                if (header[156] == 'x') {
                    path = paxPath(body);
                    continue;
                }
                String prefix = text(header, 345, 155);
                String name = (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
                if (header[156] == '0') {
                    print(path == null ? name : path, body);
                }
                path = null;
            }
            tar.readAllBytes();
        }
    }

    private static String text(byte[] header, int first, int length) {
        String field = new String(header, first, length, StandardCharsets.UTF_8);
        int end = field.indexOf('\0');
        return end < 0 ? field : field.substring(0, end);
    }

    private static String paxPath(byte[] records) {
        String text = new String(records, StandardCharsets.UTF_8);
        int first = text.indexOf(" path=") + " path=".length();
        return text.substring(first, text.indexOf('\n', first));
    }

    private static void print(String name, byte[] body) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
        OUT.println(HexFormat.of().formatHex(digest) + "  " + name);
    }
}
