// Node itself removes the types, so that a failure's line and column are exact and no compiler stands between.
const { stripTypeScriptTypes } = require("node:module");
module.exports = { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
