import { defineAction } from "../../kit/define-action.ts";
import { choice, duration, flag, lines, pairs, quantity, secret, text } from "../../kit/input.ts";
import { yamlBlock } from "../../kit/yaml-block.ts";
import { optionalAzureInputs } from "../azure-inputs.ts";
import { environmentForm, words } from "../input-words.ts";

export const COMMANDS = ["plan", "apply", "destroy", "output", "unlock", "drift"] as const;

export const spec = defineAction({
  name: "Terraform",
  description:
    "Plans, applies and destroys with terraform or tofu: survives a cancelled job, keeps the environment's lifetime, and proves what it says.",
  inputs: {
    ...optionalAzureInputs,
    command: choice(...COMMANDS)({
      description:
        "`plan`; `apply` (plan and apply, or an approved plan); `destroy`; `output`; `unlock` a stale state; `drift`.",
      required: true,
    }),
    "working-directory": text({ description: "The folder of the root module.", default: "." }),
    tool: choice(
      "auto",
      "terraform",
      "tofu",
    )({ description: "Which program. `auto`: terraform when it is on PATH, else tofu.", default: "auto" }),
    environment: text({
      description: words.environment,
      ...environmentForm,
    }),
    "backend-config": lines({ description: words["backend-config"] }),
    workspace: text({
      description: "The workspace; `default` when left out. One state key per environment serves better.",
      pattern: /^[A-Za-z0-9_.~-]+$/,
      expected: "letters, digits and _ . ~ -",
    }),
    variables: yamlBlock({
      description: "Variables of the root module, as YAML. They go by a file, never on a command line.",
    }),
    "secret-variables": secret({
      description: "Variables that are secrets, as YAML: every value is masked before anything can print it.",
    }),
    "var-files": lines({ description: "Files of variables, relative to `working-directory`, one on each line." }),
    targets: lines({ description: "Addresses that the plan is limited to, one on each line." }),
    replace: lines({ description: "Addresses to replace, one on each line." }),
    parallelism: quantity({
      description: "How many resources are worked on side by side.",
      unit: "resources",
      min: 1,
      max: 256,
      default: "10",
    }),
    "lock-timeout": duration({
      description: "How long to wait for a state that somebody else holds.",
      default: "5m",
      min: "0s",
      max: "2h",
    }),
    "on-lock": choice(
      "release-dead",
      "wait",
    )({
      description:
        "`release-dead`: a lock whose run is over, as GitHub says, is released. `wait`: no lock is ever released. Needs `github-token`.",
      default: "release-dead",
    }),
    "lock-id": text({ description: "For `unlock`: the lock to release, whoever holds it." }),
    "break-lease": flag({
      description:
        "For `unlock`, the last resort: breaks the lease of the state's blob where terraform cannot unlock it.",
      default: "false",
    }),
    ttl: duration({ description: words.ttl, min: "20m", max: "90d" }),
    "max-ttl": duration({ description: words["max-ttl"], min: "20m", max: "90d" }),
    "keep-expiry": flag({ description: "Leaves the environment's end as it is.", default: "false" }),
    tags: pairs({ description: "Tags for the variable `tags` besides Mayfly's own, `name=value` on each line." }),
    "plan-digest": text({
      description: "For `apply`: the approved plan, as the output `plan-digest` of `plan` names it.",
      pattern: /^[0-9a-f]{64}$/,
      expected: "64 hexadecimal digits, the output plan-digest of a plan",
    }),
    "plan-file": text({
      description: "For `apply`: the file of the plan, where `plan` ran in the same job. Needs `plan-digest`, too.",
    }),
    approve: choice(
      "exact",
      "equivalent",
    )({
      description:
        "For `apply`: only an approved plan, which `plan-digest` has to name. `exact`: that plan or none. `equivalent`: when it is stale, a new plan that would do the same. Left out, a digest counts as `exact`, and without one the apply plans by itself.",
    }),
    "max-destroy": quantity({
      description: "The most resources that a plan may destroy or replace; with more, nothing is done.",
      unit: "resources",
      min: 0,
      max: 100_000,
    }),
    "expect-resources": quantity({
      description: "How many resources a destroy has to find at least. `0` where an empty state is fine.",
      unit: "resources",
      min: 0,
      max: 100_000,
      default: "1",
    }),
    "destroy-retries": quantity({
      description: "How often a destroy is tried again after a fault of Azure that passes.",
      unit: "tries",
      min: 0,
      max: 5,
      default: "2",
    }),
    comment: choice(
      "always",
      "changes",
      "never",
    )({
      description:
        "The pull request's comment. `changes`: none as long as there is nothing to tell. Needs `github-token`.",
      default: "changes",
    }),
    "github-token": secret({
      description:
        "The job's `github.token`: for the comment (`pull-requests: write`) and stale locks (`actions: read`).",
    }),
    outputs: lines({ description: "Outputs of the root module that become outputs of this step, one on each line." }),
    "token-relay": flag({
      description:
        "Answers terraform's requests for ID tokens on loopback, so that GitHub is asked once and not for each request.",
      default: "true",
    }),
    "cancel-wait": duration({
      description: "How long a cancelled job waits for terraform to store its state and release its lock.",
      default: "4m",
      min: "0s",
      max: "1h",
    }),
  },
  outputs: {
    "has-changes": "Whether the plan does anything; tags that each run writes (end, commit, owner) do not count.",
    "has-drift": "Whether something was changed outside of terraform.",
    add: "Resources to add, or added.",
    change: "Resources to change, or changed.",
    destroy: "Resources to destroy, or destroyed.",
    replace: "Resources that are destroyed and made again.",
    import: "Resources to import.",
    move: "Resources that get another address.",
    forget: "Resources that leave the state and stay in Azure.",
    "failure-reason": "Why terraform's work failed: `state-locked`, `apply-failed`, …; empty when it did not.",
    "plan-digest": "Names the plan and all that it was made for: what `apply` wants for an approved plan.",
    "plan-file": "Path of the plan, as long as the job lasts.",
    outputs: "JSON: the outputs of the root module that are not sensitive.",
    "expires-at": "When the environment ends (RFC 3339, UTC).",
    "lock-info": "JSON: who holds the state's lock.",
    "comment-url": "Address of the comment.",
    "state-key": "The state's key.",
  },
  post: true,
});
