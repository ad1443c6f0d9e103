const { basename } = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");

/** What takes more than a minute, longest first: begun last, one of these would be waited for by three idle lanes. */
const LONGEST = [
  "smoke-specs",
  "act-preview",
  "previews",
  "preview-faults",
  "environment-stack",
  "azurerm-provider",
  "terraform-environment",
  "environments-example",
  "terraform-modules",
  "acr-tasks-build",
  "helm-locks",
  "helm-broken",
  "helm-majors",
  "terraform-cancel",
  "starve",
  "import-and-purge",
  "token-relay",
  "helm-cancel",
  "cluster",
  "build-and-publish-legs",
  "smoke-gate",
];

function rankOf({ path }) {
  const rank = LONGEST.indexOf(basename(path, ".test.ts"));
  return rank < 0 ? LONGEST.length : rank;
}

/** The order in which end-to-end tests are taken: of the others, jest's own. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rankOf(a) - rankOf(b));
  }
};
module.exports.LONGEST = LONGEST;
