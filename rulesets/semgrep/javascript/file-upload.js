const multer = require("multer");
const fs = require("fs");

// ruleid: js-file-upload-unchecked
const upload = multer({ dest: "uploads/" });
const storage = multer.diskStorage({
  filename: (req, file, cb) => {
    // ruleid: js-file-upload-unchecked
    cb(null, file.originalname);
  },
});

app.post("/photo", (req, res) => {
  // ruleid: js-file-upload-unchecked
  req.files.photo.mv("./public/" + crypto.randomUUID());
  // ok: js-file-upload-unchecked
  cb(null, crypto.randomUUID());
  // ok: js-file-upload-unchecked
  const memory = multer({ storage: multer.memoryStorage() });
  // ok: js-file-upload-unchecked
  console.log(file.size);
});
