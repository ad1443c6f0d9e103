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

export const spec = defineAction({
  name: "Mayfly TTL reaper",
  description:
    "Deletes resource groups tagged auto-destroy=true whose expires-at has passed, and proves that they are gone.",
  post: true,
  inputs: {
    ...identityInputs,
    "subscription-ids": lines({
      ...idForms.guid,
      description: "Subscriptions to sweep, one per line.",
      required: true,
      env: "AZURE_SUBSCRIPTION_ID",
    }),
    "name-prefix": text({
      description: "Only groups whose name begins with this (case does not count). Give this or `all-names`.",
      // ARM takes letters and digits of any script.
      pattern: /^[-\p{L}\p{N}_.()]{1,90}$/u,
      expected: "the beginning of a resource group name",
    }),
    "all-names": flag({ description: "Groups of any name, as far as their tags say so.", default: "false" }),
    "dry-run": flag({ description: words["dry-run"], default: "true" }),
    grace: duration({
      description: "How long after `expires-at` a group is still left alone.",
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
        "The fuse: with more than this share of the marked groups expired, nothing is deleted. Counts from 10 expired groups on.",
      unit: "percent",
      min: 0,
      max: 100,
      default: "50",
    }),
    "protected-names": lines({
      description:
        "Names that are never deleted, whatever their tags; `*` and `?` are wildcards. Replaces the default list.",
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
        "`verify` follows each delete until the group is proven gone; `accept` ends when ARM has accepted it.",
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
    marked: "Groups in scope that carry auto-destroy=true.",
    expired: "Groups whose time had passed and that nothing protected.",
    deleted: "Groups that are gone, proven by ARM's 404.",
    accepted: "Groups whose delete ARM accepted, with `wait: accept`.",
    "still-deleting": "Groups that ARM was still deleting at the end; the next run looks at them again.",
    blocked: "Groups that ARM refused to delete, or began to and rolled back.",
    "came-back": "Groups that were gone and stood there again.",
    failed: "Groups whose delete failed in another way.",
    skipped: "Groups that changed between the plan and their turn, or whose turn did not come.",
    kept: "Marked groups that stay: not yet expired, locked, protected, managed, opted out.",
    odd: "Groups with tags that nobody can obey; each is reported with the command that mends it.",
    fuse: "`holds` or `tripped`.",
    "next-expiry": "When the next group expires (RFC 3339), or empty.",
    report: "Path of the JSON report.",
  },
});
