const multer = require("multer");

// ok: js-file-upload-unchecked
const upload = multer({ dest: "uploads/", fileFilter: onlyImages });
function name(req, file, cb) {
  // ok: js-file-upload-unchecked
  cb(null, file.originalname);
}
