import type { Diagnostic } from "../stream-event.ts";
import { AZURE_FAULTS } from "./azure-faults.ts";
import type { Fault } from "./fault.ts";

/** What has happened to the state comes first: no other fault costs as much. */
const STATE: readonly Fault[] = [
  {
    code: "state-not-persisted",
    words: /Failed to save state|Failed to persist state to backend|errored\.tfstate/,
    because: "what was done could not be written to the state: it knows less than there is",
    mend:
      "do not apply again before the state is whole; where the notes do not say that it was rescued, run " +
      "`terraform state push errored.tfstate` in the same folder, or import what was made",
  },
  {
    code: "state-locked",
    words: /Error releasing the state lock/,
    because: "the work is done, but its lock could not be given back: the state stays locked",
    mend: "run this action with `command: unlock` and the `lock-id` of the output `lock-info`",
  },
  {
    code: "backend-changed",
    words:
      /Backend (?:configuration changed|initialization required)|Backend type changed|Unsetting the previously set|approval for state migration/,
    because: "the folder was initialised for another place of the state",
    mend: "remove `.terraform` (in CI, nothing but this action should run `terraform init` before it)",
  },
];

/** Who we are, and what we may: nothing else is worth looking at before that. */
const AUTH: readonly Fault[] = [
  {
    code: "auth",
    words: /AADSTS\d+/,
    because: "Entra refused the login of the job's identity",
    mend:
      "run `azure-login` before this step: it says which claim, id or credential does not fit; the number is explained " +
      "at https://login.microsoftonline.com/error",
  },
  {
    code: "auth",
    words: /githubAssertion|ACTIONS_ID_TOKEN_REQUEST|actions\.githubusercontent\.com|oidc_request_(?:url|token)/i,
    because: "GitHub gave no ID token for the job",
    mend: "give the job `permissions: id-token: write`; where it has it, run the job again",
  },
  {
    code: "auth",
    words:
      /AuthorizationPermissionMismatch|not authorized to perform this operation using this permission|KeyBasedAuthenticationNotPermitted/,
    because: "the identity may not read and write blobs of the state's storage account",
    mend:
      "check `storage_account_name` and `container_name` in `backend-config`; then give it the role on that container: " +
      '`az role assignment create --assignee <client-id> --role "Storage Blob Data Contributor" --scope <the container\'s id>`; ' +
      "a new role takes minutes to count",
  },
  {
    code: "auth",
    words: /\bAuthorizationFailure\b|PublicAccessNotPermitted/,
    because: "the firewall of the storage account does not let this runner in",
    mend: "let the runner's address in, or run where the account can be reached",
  },
  {
    code: "auth",
    words:
      /AuthorizationFailed|LinkedAuthorizationFailed|does not have authorization to perform action|\bForbiddenByRbac\b/,
    because: "the identity has no right to do this",
    mend:
      "give it a role with the action that is named, on the scope that is named: " +
      "`az role assignment create --assignee <client-id> --role <role> --scope <scope>`; a new role takes minutes to count",
  },
  {
    code: "auth",
    words:
      /building account:|could not acquire access token|unable to build authorizer|Error building ARM Config|subscription ID could not be determined|InvalidAuthenticationToken|ExpiredAuthenticationToken|SubscriptionNotFound/i,
    because: "terraform could not log in to Azure",
    mend: "run `azure-login` before this step, or give `client-id`, `tenant-id` and `subscription-id`; check the subscription",
  },
];

const PLAN: readonly Fault[] = [
  {
    code: "state-locked",
    words:
      /Error acquiring the state lock[\s\S]*(?:Lock Info|already locked|LockInfo|is locked|lease)|state blob is already locked/i,
    because: "somebody else is working with this state, or left its lock behind",
    mend: "wait for that run, or raise `lock-timeout`; where it is surely over, run this action with `command: unlock`",
  },
  {
    code: "plan-stale",
    words: /Saved plan is stale|Saved plan does not match the given state/,
    because: "the state was changed after the plan was made",
    mend: "plan again, and approve the new plan",
  },
  {
    code: "plan-mismatch",
    words: /Can't change variable when applying a saved plan/,
    because: "a plan is applied with the variables that it was made with, and no others",
    mend: "plan again with the new values, and approve the new plan",
  },
  {
    code: "plan-failed",
    words: /Cannot apply incomplete plan/,
    because: "the plan ended with an error, though its file is there",
    mend: "mend what the plan said, and plan again",
  },
  {
    code: "plan-failed",
    words: /Failed to load "[^"]*" as a plan file|Plan file or auto-approve required/,
    because: "there is no plan that could be applied",
    mend: "give the digest of a plan of this environment as `plan-digest`, or leave it out to plan and apply in one",
  },
  {
    code: "policy-denied",
    words: /RequestDisallowedByPolicy|RequestDisallowedByAzure|DenyAssignmentAuthorizationFailed/,
    because: "a policy or deny assignment of the subscription forbids it",
    mend: "change the configuration to what the policy asks, or have its owner exempt the scope",
  },
];

/** Where the state should be, and is not. */
const PLACE: readonly Fault[] = [
  {
    words: /"key": required field is not set/,
    because: "the state has no name yet",
    mend: "give the input `environment`, which makes one, or a `key=` of your own in `backend-config`",
  },
  {
    words: /"(?:storage_account_name|container_name)": required field is not set/,
    because: "nobody has said where the state is",
    mend: "give `storage_account_name=` and `container_name=` in `backend-config`",
  },
  {
    words: /lookup\s+[\w-]+\.blob\.[\s\S]*no\s+such\s+host/,
    because: "there is no storage account of that name, or this runner cannot look up its address",
    mend: "check `storage_account_name` in `backend-config`, and the variable that it comes from",
  },
];

const CONFIGURATION: readonly Fault[] = [
  {
    words: /Instance cannot be destroyed/,
    because: "the configuration protects it with `prevent_destroy`",
    mend: "take `prevent_destroy` out where the environment may go, or leave the resource out of it",
  },
  {
    words: /No value for required variable/,
    because: "a variable has neither a value nor a default",
    mend: "give it in `variables`, `secret-variables` or a file of `var-files`",
  },
  {
    words: /Value for undeclared variable|Invalid value for(?: input)? variable|undeclared variable/i,
    because: "a value does not fit the variables that the root module declares",
    mend: "compare `variables` and `var-files` with its `variable` blocks",
  },
  {
    words: /Unsupported Terraform Core version|Unsupported OpenTofu Core version/,
    because: "the configuration asks for another version of terraform",
    mend: "install that one before this step (hashicorp/setup-terraform or opentofu/setup-opentofu), or widen `required_version`",
  },
  {
    words: /Inconsistent dependency lock file|does not match any of the checksums recorded|lock file.*out of date/i,
    because: ".terraform.lock.hcl does not fit the providers that are asked for",
    mend: "run `terraform init -upgrade` or `terraform providers lock -platform=linux_amd64`, and commit the file",
  },
  {
    words:
      /Failed to (?:query available provider packages|install provider)|Could not (?:retrieve|load) the list of available versions|Module not found|Failed to download module/,
    because: "a provider or module could not be had",
    mend: "check its source and version, and that the runner reaches the registry",
  },
  {
    words:
      /No configuration files|does not contain (?:any )?Terraform configuration files|initialized in an empty directory/i,
    because: "there is no configuration in that folder",
    mend: "check `working-directory`; the files of the repository are there only after actions/checkout",
  },
  {
    words: /ContainerNotFound|StorageAccountNotFound|ResourceGroupNotFound|The specified container does not exist/,
    because: "the place that is named does not exist",
    mend: "check `backend-config`; storage for states is made once, by `stacks/foundation`",
  },
  {
    words:
      /Invalid backend configuration argument|Failed to get existing workspaces|Error(?: loading| refreshing) (?:the )?state/,
    because: "the backend could not be used as it is configured",
    mend: "check `backend-config` against the `backend` block",
  },
  {
    words: /provisioner error/,
    because: "a command of the configuration failed",
    mend: "read what it printed above; the resource is tainted and is made anew by the next apply",
  },
  {
    words:
      /Failed to parse command-line flags|flag provided but not defined|Invalid (?:-target|-replace|resource instance)|Usage: (?:terraform|tofu)/,
    because: "this version of terraform does not take these arguments",
    mend: "check `targets`, `replace` and the version of terraform",
  },
  {
    words: /command not found|executable file not found/,
    code: "tool-missing",
    because: "a program that is needed is not on PATH",
    mend: "install it before this step",
  },
];

/** All faults that are explained. The first whose words fit counts. */
export const FAULTS: readonly Fault[] = [...STATE, ...AUTH, ...PLAN, ...PLACE, ...AZURE_FAULTS, ...CONFIGURATION];

/** What a diagnostic means, and what mends it; undefined for one that nobody has explained yet. */
export function explainDiagnostic(diagnostic: Pick<Diagnostic, "summary" | "detail">): Fault | undefined {
  const text = `${diagnostic.summary}\n${diagnostic.detail}`;
  return FAULTS.find(({ words }) => words.test(text));
}

/** The same as two sentences: why it happened, and what to do. None for one that nobody has explained yet. */
export function listAdvice(diagnostic: Pick<Diagnostic, "summary" | "detail">): readonly string[] {
  const fault = explainDiagnostic(diagnostic);
  if (fault === undefined) return [];
  return [`${fault.because.slice(0, 1).toUpperCase()}${fault.because.slice(1)}.`, `To do: ${fault.mend}.`];
}
