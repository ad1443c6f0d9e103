import type { SpecFiles } from "../smoke/spec-files.ts";

const FILE = "address.yaml";
const REPORT = "address.json";

/**
 * What an address has to do, seen from where people are: answer, and with no error. A redirect, such as to a login, is
 * followed. deploy-environment has it as a file, for an environment without a release.
 */
const SPEC = `apiVersion: mayfly/v1alpha1
kind: SmokeTest
metadata: { name: address }
spec:
  steps:
    - name: the address answers
      try:
        - http:
            url: \${address}
            followRedirects: true
            status: [200, 201, 202, 203, 204, 206]
`;

/** The only spec there is, with the variable `address`, and what its report is called. */
export const addressSpec: SpecFiles & { readonly file: string; readonly report: string } = {
  file: FILE,
  report: REPORT,
  find: async () => [FILE],
  read: async () => SPEC,
};
