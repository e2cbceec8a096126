import java.nio.file.Path;
import java.util.zip.ZipEntry;
import javax.servlet.http.HttpServletRequest;

class Downloads extends HttpServlet {
  public void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String name = request.getParameter("file");
    // ruleid: java-path-traversal-request
    new FileInputStream("/srv/files/" + name);
    // ruleid: java-path-traversal-request
    new File("/srv/files", name);
    // ruleid: java-path-traversal-request
    Files.readAllBytes(Paths.get("/srv/files/" + request.getPathInfo()));
    // ok: java-path-traversal-request
    new File("/srv/files", FilenameUtils.getName(name));
    if (name.contains("..")) {
      return;
    }
    // ok: java-path-traversal-request
    new File("/srv/files", name);
  }

  @GetMapping("/files/{name}")
  public byte[] one(@PathVariable("name") String name) throws Exception {
    // ruleid: java-path-traversal-request
    Path loose = basePath.resolve(name);
    Path target = baseDir.resolve(name).normalize();
    if (!target.startsWith(baseDir)) {
      throw new IllegalArgumentException();
    }
    // ok: java-path-traversal-request
    return Files.readAllBytes(target);
  }

  byte[] read(String filename) throws Exception {
    // ruleid: java-path-traversal-parameter
    File file = new File("/srv/files", filename);
    // ruleid: java-path-traversal-parameter
    new FileInputStream("/srv/files/" + filename);
    // ruleid: java-path-traversal-parameter
    Path path = Paths.get("/srv/files", filename);
    // ok: java-path-traversal-parameter
    return Files.readAllBytes(Path.of("/srv/files/list.txt"));
  }

  byte[] readChecked(String filename, Path own) throws Exception {
    if (!filename.matches("[a-z]+\\.txt")) {
      return null;
    }
    // ok: java-path-traversal-parameter
    File file = new File("/srv/files", filename);
    // ok: java-path-traversal-parameter
    return Files.readAllBytes(own);
  }

  byte[] readCanonical(String fileName) throws Exception {
    File base = new File("/srv/files");
    // ok: java-path-traversal-parameter
    File file = new File(base, fileName);
    if (!file.getCanonicalPath().startsWith(base.getCanonicalPath() + File.separator)) {
      throw new IOException();
    }
    return Files.readAllBytes(file.toPath());
  }

  void unpack(ZipInputStream in, File folder, Path base) throws Exception {
    ZipEntry entry = in.getNextEntry();
    // ruleid: java-path-traversal-archive
    File file = new File(folder, entry.getName());
    // ruleid: java-path-traversal-archive
    Path path = base.resolve(entry.getName());
    // ruleid: java-path-traversal-archive
    new FileOutputStream(folder + "/" + entry.getName());
    // ok: java-path-traversal-archive
    System.out.println(entry.getName());
    // ok: java-path-traversal-archive
    new File(folder, FilenameUtils.getName(entry.getName()));
  }

  void unpackChecked(ZipEntry entry, Path base) throws Exception {
    String name = entry.getName();
    Path target = base.resolve(name).normalize();
    if (!target.startsWith(base)) {
      throw new IOException();
    }
    // ok: java-path-traversal-archive
    Files.createDirectories(target);
  }

  void upload(MultipartFile file, Part part, Path uploads) throws Exception {
    // ruleid: java-file-upload-name
    file.transferTo(new File("/srv/uploads", file.getOriginalFilename()));
    String name = part.getSubmittedFileName();
    // ruleid: java-file-upload-name
    part.write("/srv/uploads/" + name);
    // ruleid: java-file-upload-name
    uploads.resolve(file.getOriginalFilename());
    // ok: java-file-upload-name
    file.transferTo(new File("/srv/uploads", UUID.randomUUID() + ".png"));
    // ok: java-file-upload-name
    log.info(file.getOriginalFilename());
    if (!name.endsWith(".png")) {
      return;
    }
    // ok: java-file-upload-name
    part.write("/srv/uploads/" + name);
  }
}
