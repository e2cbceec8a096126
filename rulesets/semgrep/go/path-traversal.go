package fixtures

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"

	"github.com/gin-gonic/gin"
)

func download(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("file")
	// ruleid: go-path-traversal-request
	os.ReadFile(filepath.Join("/srv/files", name))
	// ruleid: go-path-traversal-request
	http.ServeFile(w, r, "/srv/files/"+r.FormValue("file"))
	clean := filepath.Clean(name)
	// ruleid: go-path-traversal-request
	os.Remove(clean)
	// ok: go-path-traversal-request
	os.ReadFile(filepath.Join("/srv/files", filepath.Base(name)))
	if !filepath.IsLocal(name) {
		return
	}
	// ok: go-path-traversal-request
	os.ReadFile(filepath.Join("/srv/files", name))
}

func attachment(c *gin.Context) {
	// ruleid: go-path-traversal-request
	c.File("/srv/files/" + c.Param("name"))
	full := filepath.Join("/srv/files", c.Param("name"))
	if !strings.HasPrefix(full, "/srv/files/") {
		c.Status(http.StatusBadRequest)
		return
	}
	// ok: go-path-traversal-request
	c.File(full)
	root, _ := os.OpenRoot("/srv/files")
	// ok: go-path-traversal-request
	root.Open(c.Param("name"))
}

func read(folder, filename string) ([]byte, error) {
	// ruleid: go-path-traversal-joined
	return os.ReadFile(filepath.Join(folder, filename))
}

func (s *store) save(name string, data []byte) error {
	path := s.folder + "/" + name
	// ruleid: go-path-traversal-joined
	return os.WriteFile(path, data, 0o600)
}

func show(userPath string) {
	// ruleid: go-path-traversal-joined
	f, err := os.Open(fmt.Sprintf("/srv/files/%s", userPath))
}

func plain(path string) ([]byte, error) {
	// ok: go-path-traversal-joined
	return os.ReadFile(path)
}

func contained(folder, filename string) ([]byte, error) {
	full := filepath.Join(folder, filename)
	rel, err := filepath.Rel(folder, full)
	if err != nil || strings.HasPrefix(rel, "..") {
		return nil, errOutside
	}
	// ok: go-path-traversal-joined
	return os.ReadFile(full)
}

func absolute(folder, filename string) ([]byte, error) {
	full := filepath.Join(folder, filename)
	abs, err := filepath.Abs(full)
	if err != nil || !strings.HasPrefix(abs, folder+"/") {
		return nil, errOutside
	}
	// ok: go-path-traversal-joined
	return os.ReadFile(full)
}

func unzip(archive *zip.Reader, folder string) error {
	for _, entry := range archive.File {
		target := filepath.Join(folder, entry.Name)
		// ruleid: go-path-traversal-archive
		os.MkdirAll(filepath.Dir(target), 0o755)
		// ruleid: go-path-traversal-archive
		out, err := os.Create(target)
		in, err := entry.Open()
		// ruleid: go-resource-exhaustion-archive
		io.Copy(out, in)
	}
	return nil
}

func untar(reader *tar.Reader, folder string) error {
	for {
		header, err := reader.Next()
		if err != nil {
			return err
		}
		// ruleid: go-path-traversal-archive
		os.OpenFile(folder+"/"+header.Name, os.O_CREATE|os.O_WRONLY, 0o600)
	}
}

func extractOne(entry *zip.File, folder string) error {
	target := filepath.Join(folder, entry.Name)
	if !strings.HasPrefix(target, filepath.Clean(folder)+string(os.PathSeparator)) {
		return errOutside
	}
	// ok: go-path-traversal-archive
	out, err := os.Create(target)
	// ok: go-path-traversal-archive
	os.Create(filepath.Join(folder, filepath.Base(entry.Name)))
	in, err := entry.Open()
	// ok: go-resource-exhaustion-archive
	io.CopyN(out, in, limit)
	// ok: go-path-traversal-archive
	fmt.Println(entry.Name)
	return err
}

func inflate(in io.Reader) []byte {
	plain, _ := gzip.NewReader(in)
	// ruleid: go-resource-exhaustion-archive
	all, _ := io.ReadAll(plain)
	// ok: go-resource-exhaustion-archive
	few, _ := io.ReadAll(io.LimitReader(plain, limit))
	// ok: go-resource-exhaustion-archive
	same, _ := io.ReadAll(in)
	return all
}

func inflateTo(out io.Writer, in io.Reader) {
	plain, _ := zlib.NewReader(in)
	// ruleid: go-resource-exhaustion-archive
	io.Copy(out, plain)
}

func upload(w http.ResponseWriter, r *http.Request) {
	file, header, err := r.FormFile("picture")
	// ruleid: go-file-upload-name, go-path-traversal-request
	out, err := os.Create("uploads/" + header.Filename)
	// ok: go-file-upload-name
	io.Copy(out, file)
}

func uploadGin(c *gin.Context) {
	header, err := c.FormFile("picture")
	// ruleid: go-file-upload-name
	c.SaveUploadedFile(header, filepath.Join("uploads", filepath.Base(header.Filename)))
	// ok: go-file-upload-name
	c.SaveUploadedFile(header, filepath.Join("uploads", uuid.NewString()+".png"))
}

func keep(header *multipart.FileHeader) {
	// ruleid: go-file-upload-name
	os.WriteFile("uploads/"+header.Filename, data, 0o600)
}

func keepChecked(header *multipart.FileHeader) {
	ext := strings.ToLower(filepath.Ext(header.Filename))
	if !pictures[ext] {
		return
	}
	// ok: go-file-upload-name
	os.WriteFile("uploads/"+header.Filename, data, 0o600)
}
