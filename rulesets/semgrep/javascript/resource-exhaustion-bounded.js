const http = require("http");
const axios = require("axios");

// ok: js-resource-exhaustion-no-timeout
axios.get("https://api.example/items", { timeout: 5000 });
