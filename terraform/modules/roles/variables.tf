variable "scope" {
  description = "Id of anything in the subscription in which the roles are to be assigned."
  type        = string

  validation {
    condition     = can(regex("^/subscriptions/[^/]+", var.scope))
    error_message = "scope: expected an id that begins with /subscriptions/<id>, got \"${var.scope}\"."
  }
}
