import { defineAction } from "../../kit/define-action.ts";
import { choice, duration, flag, lines, quantity, text } from "../../kit/input.ts";
import { azureInputs, idForms } from "../azure-inputs.ts";
import { words } from "../input-words.ts";

const { "subscription-id": _, ...identityInputs } = azureInputs;

/** Groups that services make for themselves: they go with what made them. */
const SYSTEM_NAMES = [
  "MC_*",
  "NetworkWatcherRG",
  "*managed*",
  "DefaultResourceGroup-*",
  "cloud-shell-storage-*",
  "databricks-rg-*",
  "AzureBackupRG_*",
].join("\n");

/** Names as `parseClusterId` takes them. */
const CLUSTER_ID =
  /^\/subscriptions\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[^/\s]+$/i;

export const spec = defineAction({
  name: "Mayfly TTL reaper",
  description:
    "Deletes resource groups tagged auto-destroy=true whose expires-at has passed, and namespaces of shared clusters so labelled, and proves that they are gone.",
  post: true,
  inputs: {
    ...identityInputs,
    "subscription-ids": lines({
      ...idForms.guid,
      description: "Subscriptions to sweep, one per line. Give these, `clusters`, or both.",
      env: "AZURE_SUBSCRIPTION_ID",
    }),
    clusters: lines({
      pattern: CLUSTER_ID,
      expected: "a cluster's resource id (az aks show --query id)",
      description:
        "AKS clusters whose namespaces are swept by the same rules, one resource id per line: the label auto-destroy=true, the annotation expires-at.",
    }),
    "name-prefix": text({
      description:
        "Only groups and namespaces whose name begins with this (case does not count). Give this or `all-names`.",
      // ARM takes letters and digits of any script.
      pattern: /^[-\p{L}\p{N}_.()]{1,90}$/u,
      expected: "the beginning of a resource group name",
    }),
    "all-names": flag({
      description: "Groups and namespaces of any name, as far as their tags and labels say so.",
      default: "false",
    }),
    "dry-run": flag({ description: words["dry-run"], default: "true" }),
    grace: duration({
      description: "How long after `expires-at` a group or namespace is still left alone.",
      default: "0s",
      max: "30d",
    }),
    horizon: duration({
      description: "An expiry further away than this is reported as a typing mistake.",
      default: "366d",
      min: "1d",
    }),
    "max-deletions": quantity({
      description: words["max-deletions"],
      unit: "groups",
      min: 0,
      max: 10_000,
      default: "20",
    }),
    "max-percentage": quantity({
      description:
        "The fuse: with more than this share of the marked groups expired, or of the namespaces, nothing is deleted. Counts from 10 expired ones on.",
      unit: "percent",
      min: 0,
      max: 100,
      default: "50",
    }),
    "protected-names": lines({
      description:
        "Names that are never deleted, whatever their tags; `*` and `?` are wildcards. Replaces the default list. Namespaces of the system, such as kube-*, are protected besides.",
      default: SYSTEM_NAMES,
    }),
    "force-deletion-types": lines({
      description:
        "Types that ARM may delete by force: `Microsoft.Compute/virtualMachines`, `Microsoft.Compute/virtualMachineScaleSets`.",
      pattern: /^Microsoft\.Compute\/virtualMachine(s|ScaleSets)$/,
      expected: "Microsoft.Compute/virtualMachines or Microsoft.Compute/virtualMachineScaleSets",
    }),
    wait: choice(
      "verify",
      "accept",
    )({
      description:
        "`verify` follows each delete until the group or namespace is proven gone; `accept` ends when the delete is accepted.",
      default: "verify",
    }),
    deadline: duration({
      description: words.deadline,
      default: "50m",
      min: "1m",
      max: "5d",
    }),
    concurrency: quantity({
      description: words.concurrency,
      unit: "groups",
      min: 1,
      max: 50,
      default: "12",
    }),
  },
  outputs: {
    marked: "Groups and namespaces in scope that carry auto-destroy=true; so are all the counts below of both.",
    expired: "Those whose time had passed and that nothing protected.",
    deleted: "Those that are gone, proven by a 404.",
    accepted: "Those whose delete was accepted, with `wait: accept`.",
    "still-deleting": "Those that were still being deleted at the end; the next run looks at them again.",
    blocked: "Those whose delete was refused, or begun and rolled back.",
    "came-back": "Those that were gone and stood there again.",
    failed: "Those whose delete failed in another way.",
    skipped: "Those that changed between the plan and their turn, or whose turn did not come.",
    kept: "Marked ones that stay: not yet expired, locked, protected, managed, opted out.",
    odd: "Those with tags or labels that nobody can obey; each is reported with the command that mends it.",
    fuse: "`holds` or `tripped`.",
    "next-expiry": "When the next group or namespace expires (RFC 3339), or empty.",
    report: "Path of the JSON report.",
  },
});
