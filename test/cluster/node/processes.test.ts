import { expect, test } from "@jest/globals";
import { identityOf, type Role, roleOf } from "./processes.ts";

const HOME = "/home/runner/.cache/mayfly/cluster";

const cases: readonly { readonly name: string; readonly words: string; readonly role: Role | undefined }[] = [
  {
    name: "what keeps the namespaces",
    words: `unshare --mount --pid --fork --kill-child sh /repo/test/cluster/node/namespaces.sh ${HOME}`,
    role: "keeper",
  },
  { name: "their first process", words: `sh /elsewhere/test/cluster/node/namespaces.sh ${HOME}`, role: "first" },
  { name: "a door of any clone", words: `/usr/bin/node --no-warnings /elsewhere/door.ts ${HOME}`, role: "door" },
  {
    name: "what waits for a daemon",
    words: `nsenter --target 77 --mount --net --pid -- /bin/kubelet --config=${HOME}/kubelet.json`,
    role: "daemon",
  },
  { name: "another home's first process", words: `sh /repo/namespaces.sh ${HOME}2`, role: undefined },
  { name: "another home's door", words: `node --no-warnings /repo/door.ts /tmp${HOME}`, role: undefined },
  {
    name: "another home's daemon",
    words: `nsenter --target 77 --net -- /bin/kubelet --config=${HOME}2/kubelet.json`,
    role: undefined,
  },
  { name: "somebody's kubectl", words: `kubectl --kubeconfig=${HOME}/kubeconfig get pods --watch`, role: undefined },
  { name: "somebody who reads a log", words: `tail -f ${HOME}/logs/kubelet.log`, role: undefined },
  { name: "somebody who edits the script", words: `vi /repo/namespaces.sh ${HOME}`, role: undefined },
  { name: "the command itself", words: "node test/cluster/cluster.ts down", role: undefined },
  { name: "a real node's kubelet", words: "/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml", role: undefined },
];

test.each(cases)("$name has the right part in the cluster", ({ words, role }) => {
  expect(roleOf(words.split(" "), HOME)).toBe(role);
});

test("a process has a name that its successors do not have, and none when it is gone", () => {
  expect(identityOf(process.pid)).toBe(identityOf(process.pid));
  expect(identityOf(process.pid)).toMatch(new RegExp(`^${process.pid}@\\d+$`));
  expect(identityOf(2 ** 30)).toBeUndefined();
});
