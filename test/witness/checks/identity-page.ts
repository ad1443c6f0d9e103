import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Az } from "../az.ts";
import type { Check } from "../check.ts";
import { asDocument, asDocuments } from "../documents.ts";
import { follow } from "../follow.ts";
import type { Adapters, Stage } from "../stage.ts";

const PAGE = join(import.meta.dirname, "../../../docs/identity.md");

/** Stands for GitHub's own tool, which has nobody to speak to here: knows the subject, and prints what it was to set. */
const GH = `gh() { if [ "$1" = api ]; then echo "$SUBJECT"; else printf '%s %s\\n' "$3" "$7"; fi; }`;

/** Follows docs/identity.md as its reader does, and lets the identity that it makes do a reaper's work. */
export async function preparePage(stage: Stage): Promise<readonly Check<Stage>[]> {
  const { azure, team } = stage;
  const { subscriptionId } = team;
  const block = /^```sh\n([\s\S]*?)^```/m.exec(await readFile(PAGE, "utf8"))?.[1] ?? "";
  const lines = block.replace("<subscription id>", subscriptionId).replace("<owner>/<repository>", "octo/reaped");
  const ids = { repository: "octo/reaped", repositoryId: "7", ownerId: "8" };
  const job = azure.github.registerJob({ ...ids, event: "schedule", ref: "refs/heads/main", immutableSubject: true });
  const [one, two] = [stage.add("page-az"), stage.add("page-adapter")];
  let clientId = "nobody";
  let reaper: Promise<Az> | undefined;
  let adapters: Adapters | undefined;
  const az = () => {
    reaper ??= stage.loginAz({ job, clientId }).then((outcome) => {
      if (outcome.kind === "failed") throw new Error(`${outcome.step}: ${outcome.said}`);
      return stage.az(outcome.configFolder);
    });
    return reaper;
  };
  const own = () => {
    adapters ??= stage.connect({ job, clientId });
    return adapters;
  };

  return [
    {
      name: "paste docs/identity.md",
      az: async () => {
        const printed = await stage.az().paste(`SUBJECT='${job.subject}'\n${GH}\n${lines}`);
        const set = Object.fromEntries(
          [...printed.matchAll(/^(AZURE_\w+) (\S+)$/gm)].map(([, name, value]) => [name, value]),
        );
        clientId = set["AZURE_REAPER_CLIENT_ID"] ?? clientId;
        return set;
      },
      truth: () => ({
        AZURE_REAPER_CLIENT_ID: azure.entra.principal(team.tenantId, clientId)?.clientId,
        AZURE_TENANT_ID: team.tenantId,
        AZURE_SUBSCRIPTION_ID: subscriptionId,
      }),
    },
    {
      name: "log in as the identity that it has made",
      az: async () => asDocument(asDocument(await (await az()).ask("account", "show"))["user"])["name"],
      adapter: async () => ((await own().token()) === "" ? "no token" : clientId),
    },
    {
      name: "look as it",
      az: async () => [
        asDocuments(await (await az()).ask("group", "list")).length,
        asDocuments(await (await az()).ask("lock", "list")).length,
      ],
      adapter: async () => {
        let groups = 0;
        for await (const _ of own().groups.list(subscriptionId)) groups += 1;
        return [groups, (await own().barriers.listLocks(subscriptionId)).length];
      },
      truth: () => [
        azure.arm.groups(subscriptionId).length,
        azure.arm.store.list("Microsoft.Authorization/locks", stage.subscription).length,
      ],
    },
    {
      name: "delete as it",
      az: async () => {
        const done = await (await az()).ask("group", "delete", "--yes", "--name", one);
        return done === undefined ? "succeeded" : "said something";
      },
      adapter: () => follow(own(), subscriptionId, two),
      truth: () =>
        (azure.arm.find(stage.idOf(one)) ?? azure.arm.find(stage.idOf(two))) === undefined
          ? "succeeded"
          : "still there",
    },
    {
      name: "what it may not",
      az: async () => {
        const group = stage.idOf("locked-by-az");
        const tag = ["--operation", "Merge", "--tags", "a=b"];
        const refusals = [
          await (await az()).refusal("tag", "update", "--resource-id", group, ...tag),
          await (await az()).refusal(
            "lock",
            "create",
            "--name",
            "no",
            "--lock-type",
            "ReadOnly",
            "--resource-group",
            "locked-by-az",
          ),
          await (await az()).refusal("group", "create", "--name", "no", "--location", "eastus"),
        ];
        return refusals.map(({ code }) => code);
      },
      truth: () => Array.from({ length: 3 }, () => "AuthorizationFailed"),
    },
  ];
}
