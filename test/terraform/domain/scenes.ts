/** A configuration that was applied, and the one that a plan is then made of. */
export interface Scene {
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly before?: string;
  readonly after?: string;
  readonly flags?: readonly string[];
  /** Whether the state before is a fixture too. */
  readonly keepsState?: true;
}

/** All that is sensitive in the scenes: none of it may ever be shown. */
export const SECRETS = [
  "hunter-22-secret",
  "token-in-a-list",
  "nested-deep-secret",
  "71830945",
  "dflt-secret",
  "new-secret-value",
];

const VARIABLES = `
variable "password" {
  type      = string
  sensitive = true
}
variable "settings" {
  type      = object({ inner = object({ key = string }), pin = number })
  sensitive = true
}
variable "spare" {
  default   = "dflt-secret"
  sensitive = true
}
variable "once" {
  type      = string
  ephemeral = true
  default   = "gone"
}
variable "size" { type = number }
`;

const variables = {
  password: "hunter-22-secret",
  settings: { inner: { key: "nested-deep-secret" }, pin: 71830945 },
  size: 3,
};

const CREATE = `${VARIABLES}
resource "terraform_data" "main" {
  input = {
    name    = "a"
    secret  = var.password
    list    = ["plain", sensitive("token-in-a-list")]
    big     = 12345678901234567890
    exact   = 0.1
    text    = "line 1\\nline 2\\nline 3"
    unset   = null
    leaked  = nonsensitive(var.password)
    within  = "server=x;password=\${nonsensitive(var.password)};"
    pin     = nonsensitive(var.settings.pin)
    inJson  = jsonencode({ user = "me", key = nonsensitive(var.settings.inner.key) })
    spare   = nonsensitive(var.spare)
  }
}
resource "terraform_data" "each" {
  for_each = toset(["a.b", "quo\\"te", nonsensitive(var.password)])
  input    = each.key
}
resource "terraform_data" "later" {
  input = { id = terraform_data.main.id, plain = "x", both = [terraform_data.main.id, "y"] }
}
data "terraform_remote_state" "other" {
  backend    = "local"
  config     = { path = "absent-\${terraform_data.main.id}.tfstate" }
}
check "size" {
  assert {
    condition     = var.size > 10
    error_message = "size is \${var.size}, and the spare is \${nonsensitive(var.spare)}"
  }
}
output "plain" { value = "hello" }
output "secret" {
  value     = var.settings
  sensitive = true
}
output "shape" { value = { id = terraform_data.main.id, known = [1, 2] } }
`;

const BEFORE = `${VARIABLES}
resource "terraform_data" "updated" {
  input = {
    name  = "a"
    list  = ["x", "y"]
    tags  = { owner = "me", gone = "soon" }
    pools = [{ name = "p1", size = 1 }, { name = "p3", size = 3 }]
    json  = jsonencode({ a = 1, keep = true })
    text  = "one\\ntwo\\nthree\\nfour\\nfive"
    pw    = sensitive("hunter-22-secret")
  }
}
resource "terraform_data" "replaced" {
  input            = "same"
  triggers_replace = { size = 1, other = "x" }
}
resource "terraform_data" "first" {
  triggers_replace = 1
  lifecycle { create_before_destroy = true }
}
resource "terraform_data" "deleted" { input = "old" }
resource "terraform_data" "forgotten" { input = "kept" }
resource "terraform_data" "old_name" { input = "moved" }
resource "terraform_data" "old_update" { input = "moved" }
resource "terraform_data" "becomes_sensitive" { input = "hunter-22-secret" }
resource "terraform_data" "still" {}
output "gone" { value = 1 }
output "moves" { value = "from" }
output "secret" {
  value     = "hunter-22-secret"
  sensitive = true
}
`;

const AFTER = `${VARIABLES}
resource "terraform_data" "updated" {
  input = {
    name  = "b"
    list  = ["w", "x", "y"]
    tags  = { owner = "you", fresh = "now" }
    pools = [{ name = "p1", size = 1 }, { name = "p2", size = 2 }, { name = "p3", size = 3 }]
    json  = jsonencode({ a = 2, keep = true })
    text  = "one\\ntwo\\nTHREE\\nfour\\nfive"
    pw    = sensitive("new-secret-value")
  }
}
resource "terraform_data" "replaced" {
  input            = "same"
  triggers_replace = { size = var.size, other = "x" }
}
resource "terraform_data" "first" {
  triggers_replace = 2
  lifecycle { create_before_destroy = true }
}
removed {
  from = terraform_data.forgotten
  lifecycle { destroy = false }
}
moved {
  from = terraform_data.old_name
  to   = terraform_data.new_name
}
resource "terraform_data" "new_name" { input = "moved" }
moved {
  from = terraform_data.old_update
  to   = terraform_data.new_update
}
resource "terraform_data" "new_update" { input = "and updated" }
import {
  to = terraform_data.imported
  id = "an-id"
}
resource "terraform_data" "imported" { input = "new" }
resource "terraform_data" "becomes_sensitive" { input = var.password }
resource "terraform_data" "still" {}
output "moves" { value = "to" }
output "fresh" { value = "new" }
output "secret" {
  value     = "new-secret-value"
  sensitive = true
}
`;

const KEPT = `${VARIABLES}
resource "terraform_data" "kept" {
  input = var.password
  lifecycle { prevent_destroy = true }
  triggers_replace = 1
}
resource "terraform_data" "other" {}
`;

export const SCENES: readonly Scene[] = [
  { name: "create", variables, after: CREATE },
  { name: "change", variables, before: BEFORE, after: AFTER, keepsState: true },
  { name: "nothing", variables, before: KEPT, after: KEPT },
  { name: "targeted", variables, after: BEFORE, flags: ["-target=terraform_data.deleted"] },
  { name: "errored", variables, before: KEPT, after: KEPT.replace("triggers_replace = 1", "triggers_replace = 2") },
  { name: "destroy", variables, before: BEFORE, after: BEFORE, flags: ["-destroy"] },
  { name: "destroyed", variables, before: VARIABLES, keepsState: true },
];
