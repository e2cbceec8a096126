import java.io.File;
import java.util.zip.GZIPInputStream;

class Files2 {
  void permissions(File file, Set<PosixFilePermission> rights) throws Exception {
    // ruleid: java-file-permissions-open
    file.setWritable(true, false);
    // ruleid: java-file-permissions-open
    rights.add(PosixFilePermission.OTHERS_WRITE);
    // ruleid: java-file-permissions-open
    PosixFilePermissions.fromString("rwxrwxrwx");
    // ok: java-file-permissions-open
    file.setWritable(true);
    // ok: java-file-permissions-open
    rights.add(PosixFilePermission.OWNER_WRITE);
    // ok: java-file-permissions-open
    PosixFilePermissions.fromString("rw-r-----");
  }

  void temporary() throws Exception {
    // ruleid: java-temp-file-fixed-name
    new File("/tmp/report.txt");
    // ruleid: java-temp-file-fixed-name
    new FileWriter("/tmp/report.txt");
    // ruleid: java-temp-file-fixed-name
    new File(System.getProperty("java.io.tmpdir"), "report.txt");
    // ok: java-temp-file-fixed-name
    Files.createTempFile("report", ".txt");
    // ok: java-temp-file-fixed-name
    new File("/var/lib/app/report.txt");
    // ok: java-temp-file-fixed-name
    File.createTempFile("report", ".txt");
  }

  void races(File file, File other, Path path) throws Exception {
    if (!file.exists()) {
      // ruleid: java-race-check-then-use
      new FileOutputStream(file);
      // ruleid: java-race-check-then-use
      file.createNewFile();
    }
    if (!Files.exists(path)) {
      // ruleid: java-race-check-then-use
      Files.write(path, data);
      // ok: java-race-check-then-use
      Files.createDirectories(path);
    }
    if (!file.exists()) {
      // ok: java-race-check-then-use
      new FileOutputStream(other);
    }
    // ok: java-race-check-then-use
    new FileOutputStream(file);
  }

  void unpack(InputStream in, OutputStream out) throws Exception {
    GZIPInputStream plain = new GZIPInputStream(in);
    // ruleid: java-resource-exhaustion-archive
    plain.readAllBytes();
    // ruleid: java-resource-exhaustion-archive
    plain.transferTo(out);
    // ruleid: java-resource-exhaustion-archive
    IOUtils.copy(plain, out);
    // ok: java-resource-exhaustion-archive
    plain.readNBytes(1000);
    // ok: java-resource-exhaustion-archive
    in.readAllBytes();
    // ok: java-resource-exhaustion-archive
    IOUtils.copy(new BoundedInputStream(plain, 1000), out);
  }

  public void sizes(HttpServletRequest request) {
    int count = Integer.parseInt(request.getParameter("n"));
    // ruleid: java-resource-exhaustion-size
    byte[] rows = new byte[count];
    // ruleid: java-resource-exhaustion-size
    int share = 100 / count;
    // ok: java-resource-exhaustion-size
    int half = count / 2;
    // ok: java-resource-exhaustion-size
    byte[] fixed = new byte[16];
    if (count < 1 || count > 100) {
      return;
    }
    // ok: java-resource-exhaustion-size
    byte[] limited = new byte[count];
  }

  @GetMapping("/rows")
  public Object rows(@RequestParam int count) {
    // ruleid: java-resource-exhaustion-size
    return "x".repeat(count);
  }
}
