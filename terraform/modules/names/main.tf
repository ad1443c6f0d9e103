# The one place that makes names of Azure: <prefix>-<environment>-<6 characters of a hash>, cut to what each service takes.
#
# The hash is the repository id's as long as the rest stands unchanged. Where characters had to go (too long, not allowed),
# two environments could be left with the same text ("pr-1-2" and "pr-12" without hyphens), so there it is the hash of
# everything that the name is made of.
locals {
  hash_length = 6

  slug = trim(replace(lower(var.environment), "/[^a-z0-9]+/", "-"), "-")
  kept = local.slug == var.environment

  of_repository = substr(sha256(var.repository_id), 0, local.hash_length)
  of_all        = substr(sha256(jsonencode([var.repository_id, var.prefix, var.environment])), 0, local.hash_length)

  # https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
  hyphenated_limits = {
    resource_group      = 90
    cluster             = 63
    dns_prefix          = 54
    node_resource_group = 80 - length("MC_")
    key_vault           = 24
    identity            = 128
    shared_namespace    = 63
  }
  plain_limits = {
    registry        = 50
    storage_account = 24
  }

  long = "${var.prefix}-${local.slug}"
  hyphenated = {
    for service, limit in local.hyphenated_limits : service => (
      local.kept && length(local.long) + 1 + local.hash_length <= limit
      ? "${local.long}-${local.of_repository}"
      : "${trimsuffix(substr(local.long, 0, limit - 1 - local.hash_length), "-")}-${local.of_all}"
    )
  }
  plain = {
    for service, limit in local.plain_limits : service =>
    "${substr(replace(local.long, "-", ""), 0, limit - local.hash_length)}${local.of_all}"
  }

  # In a cluster of its own an environment needs nothing that tells it from others.
  label_limit = 63
  namespace = (
    local.kept && length(local.slug) <= local.label_limit
    ? local.slug
    : "${trimsuffix(substr(local.slug, 0, local.label_limit - 1 - local.hash_length), "-")}-${local.of_all}"
  )
}
