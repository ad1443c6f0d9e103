import { defineAction } from "../../kit/define-action.ts";
import { choice, duration, flag, json, lines, quantity, secret, text } from "../../kit/input.ts";
import { optionalAzureInputs } from "../azure-inputs.ts";
import { clusterForm, clusterGroup } from "../cluster-inputs.ts";
import { environmentForm, words } from "../input-words.ts";

export const COMMANDS = ["gate", "read-command", "report", "extend", "remove", "next"] as const;

const sha = { pattern: /^[0-9a-f]{40}$/i, expected: "the 40 hexadecimal digits of a commit" } as const;

export const spec = defineAction({
  name: "Preview",
  description:
    "Decides what a pull request's environment should be now, tells the pull request what it is, and proves that it is gone.",
  inputs: {
    ...optionalAzureInputs,
    cluster: text(clusterForm),
    "resource-group": clusterGroup,
    command: choice(...COMMANDS)({
      description:
        "`gate`: what should become of the environment; `read-command`: what a comment asks for; `report`: tells how it went; `extend`: a later end; `remove`: deletes what a teardown has left; `next`: starts what is queued.",
      required: true,
    }),
    "github-token": secret({
      description:
        "The job's `github.token`: `pull-requests: write`; for `gate` also `checks: write`, for `report` `deployments: write`, for `next` `checks: read` and, as far as it may start runs again, `actions: write`.",
      required: true,
      whenMissing: `give it in with: github-token: \${{ github.token }}`,
    }),
    "pull-request": quantity({
      description:
        "The pull request's number; the event's own when left out. Without either, `gate` looks at all environments of the repository and `report` tells of `environment` alone.",
      unit: "pull request",
      min: 1,
      max: 9_999_999_999,
    }),
    environment: text({
      description: words.environment,
      ...environmentForm,
    }),
    "head-sha": text({
      ...sha,
      description:
        "For `gate` and `report`: the commit that this run is about; the event's when left out. A pull request that has moved on is left to the run of its newer commit.",
    }),
    "approved-sha": text({
      ...sha,
      description:
        "For `gate`: the commit of a fork that somebody with write access has approved, as `read-command` gives it. Nothing else of a fork is ever deployed.",
    }),
    asked: choice(
      "deploy",
      "destroy",
    )({ description: "For `gate`: what a person asked for by a command, as `read-command` gives it in `order`." }),
    "only-destroy": flag({
      description:
        "For `gate`: only whether the environment has to end, as a teardown asks; nothing is begun then. For `report`: looks so before it tells of a deployment, and gives `decision: destroy` and tells nothing where it has to end, as of a pull request that was closed meanwhile.",
      default: "false",
    }),
    label: text({
      description:
        "For `gate` and a `report` with `only-destroy`: only pull requests with this label get an environment, and lose it with the label.",
      pattern: /^.{1,100}$/u,
      expected: "the name of one label",
    }),
    drafts: flag({
      description: "For `gate` and a `report` with `only-destroy`: whether drafts get an environment, too.",
      default: "true",
    }),
    "max-previews": quantity({
      description:
        "For `gate` and `next`: how many pull requests of the repository have an environment at once. The others are queued.",
      unit: "previews",
      min: 1,
      max: 1_000,
      default: "10",
    }),
    ttl: duration({ description: words.ttl, min: "20m", max: "90d", default: "24h" }),
    "max-ttl": duration({ description: words["max-ttl"], min: "20m", max: "90d" }),
    span: duration({
      description: "For `extend`: how long the environment lives from now, `max-ttl` at most.",
      min: "1m",
      max: "90d",
    }),
    "deletion-wait": duration({
      description:
        "For `gate`: how long to wait for what is just being deleted, before the environment is made anew. `0s` does not wait.",
      default: "15m",
      min: "0s",
      max: "2h",
    }),
    deadline: duration({ description: words.deadline, default: "50m", min: "1m", max: "5d" }),
    "backend-config": lines({ description: words["backend-config"] }),
    needs: json({ description: "For `report`: the jobs before it and their outputs, `toJSON(needs)`." }),
    outcome: choice(
      "success",
      "failure",
      "cancelled",
      "skipped",
    )({ description: "For `report`: how the deployment or teardown ended, `steps.deploy.outcome`." }),
    deployment: json({
      description: "For `report`: what deploy-environment gave, `toJSON(steps.deploy.outputs)`.",
    }),
    teardown: json({
      description: "For `report`: what destroy-environment gave, `toJSON(steps.destroy.outputs)`.",
    }),
    "deployment-environment": text({
      description: "For `report`: the GitHub environment that deployments are shown in.",
      pattern: /^[^\p{Cc}]{1,255}$/u,
      expected: "the name of an environment of the repository",
      default: "preview",
    }),
    "cleanup-schedule": text({
      description:
        "For `report`, `gate` and `extend`: when the reaper runs, as cron has it (UTC), so that the comment can name the next sweep.",
      default: "17 9 * * *",
    }),
  },
  outputs: {
    decision:
      "Of `gate`: `create`, `update`, `keep`, `destroy` or `wait`; of `report` with `only-destroy`: `destroy`, or empty.",
    reason: "Of `gate` and `read-command`: why, in one sentence.",
    "reason-code": "Of `gate`: the same as a stable word, such as `closed`, `superseded` or `queued`.",
    "pull-request": "Of `gate` and `read-command`: the pull request's number.",
    environment: "Of `gate` and `read-command`: the environment's name, such as `pr-123`.",
    "head-sha": "Of `gate` and `read-command`: the pull request's commit as it is now.",
    ref: "Of `gate`: what to check out to build the image; empty where that is the event's own commit.",
    trusted:
      "Of `gate`: `true` where the environment gets an identity; `false` for the approved commit of a fork, which is deployed without identity and secrets, by the configuration of the base branch.",
    "expires-at": "Of `gate` and `extend`: when the environment ends (RFC 3339, UTC); empty while it has no end yet.",
    position: "Of `gate`: the place in the queue, from 1 on, for the reason `queued`.",
    previews:
      'Of `gate` without a pull request: the environments to destroy, as JSON `[{"pull-request":12,"environment":"pr-12","reason":"closed"}]`.',
    order: "Of `read-command`: `deploy`, `destroy`, `extend` or `none`.",
    "approved-sha": "Of `read-command`: the commit that the comment approves; empty when it names none.",
    span: "Of `read-command`: the span of `/extend`, such as `24h`.",
    "comment-url": "Of `gate`, `report` and `extend`: address of the pull request's comment.",
    "preview-path": "Of `report`: path of preview.json, as long as the job lasts.",
    receipt: "Of `remove` and a `report` of a teardown: JSON, what is proven gone.",
    started: "Of `next`: the pull requests whose runs were started again, as JSON `[12]`.",
  },
});
