import { defineAction } from "../../kit/define-action.ts";
import { Expected, flag, type Input, lines, text } from "../../kit/input.ts";
import { cloudChoice, descriptions, idForms } from "../azure-inputs.ts";

/** Who is fed with credentials beside the Azure SDKs. */
export type Consumer = (typeof CONSUMERS)[number];
const CONSUMERS = ["terraform", "az"] as const;

const NO_IDS =
  "ids are no secrets: give them as variables (vars.AZURE_CLIENT_ID), since runs of forks and of Dependabot get no secrets";

export const spec = defineAction({
  name: "Azure login",
  description:
    "Logs in to Azure with the job's GitHub ID token: no secret, no az CLI needed, and a failure that explains itself.",
  inputs: {
    "client-id": text({
      ...idForms.guid,
      description: descriptions["client-id"],
      required: true,
      whenMissing: NO_IDS,
    }),
    "tenant-id": text({
      ...idForms.tenant,
      description: descriptions["tenant-id"],
      required: true,
      whenMissing: NO_IDS,
    }),
    "subscription-id": text({ ...idForms.guid, description: descriptions["subscription-id"] }),
    cloud: cloudChoice({ description: descriptions.cloud, default: "public" }),
    "authority-host": text({ description: descriptions["authority-host"] }),
    "resource-manager": text({ description: descriptions["resource-manager"] }),
    audience: text({ description: descriptions.audience }),
    "allow-no-subscription": flag({
      description: "Log in also when the identity sees no subscription, as one that only reads a tenant or a registry.",
      default: "false",
    }),
    export: consumers(
      "Who is fed beside the Azure SDKs: `terraform` (its `ARM_*` variables), `az` (an az login in a folder of its own), " +
        "or `none`. On lines of their own or with commas between.",
      "terraform",
    ),
    "expected-subject": lines({
      description: "Guard: fail unless the ID token's subject is exactly one of these, one on each line.",
    }),
    "allowed-subscriptions": lines({
      ...idForms.guid,
      description: "Guard: fail unless the subscription is one of these, one id on each line.",
    }),
    "workflow-ref": text({
      description:
        "Filled in by GitHub, to tell a reusable workflow from its caller when a login fails; leave it alone.",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's.
      default: "${{ job.workflow_ref }}",
    }),
  },
  outputs: {
    subject: "The subject of the ID token, as a federated credential must have it.",
    "tenant-id": "The tenant logged in to.",
    "subscription-id": "The subscription logged in to; empty without one.",
    "subscription-name": "The subscription's name.",
    "identity-kind": "`managed-identity`, `application` or `unknown`.",
    "expires-on": "When the access token ends (RFC 3339); what is exported is renewed and outlives it.",
    "trace-id": "On a refusal by Entra: the trace id that Microsoft's support asks for.",
    "correlation-id": "On a refusal by Entra: the correlation id.",
  },
  post: true,
});

/** A list of consumers, or `none`; an absent input has the default. */
function consumers(description: string, fallback: string): Input<readonly Consumer[], true> {
  const list = lines({ description, default: fallback });
  return {
    ...list,
    kind: `${CONSUMERS.join(", ")} or none`,
    read: (value) => {
      const words = list.read(value.replaceAll(",", "\n"));
      if (words.length === 1 && words[0] === "none") return [];
      const odd = words.find((word) => !isConsumer(word));
      if (odd !== undefined) throw new Expected(`terraform, az, or none alone, not "${odd}"`);
      return [...new Set(words.filter(isConsumer))];
    },
  };
}

function isConsumer(word: string): word is Consumer {
  return CONSUMERS.some((consumer) => consumer === word);
}
