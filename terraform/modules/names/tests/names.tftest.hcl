run "are_what_people_can_read" {
  command = plan

  variables {
    environment   = "pr-12"
    repository_id = "599293758"
  }

  assert {
    condition     = output.resource_group == "mayfly-pr-12-${substr(sha256("599293758"), 0, 6)}"
    error_message = "Expected <prefix>-<environment>-<hash of the repository id>, got ${output.resource_group}."
  }
  assert {
    condition     = length(distinct([output.resource_group, output.cluster, output.dns_prefix, output.key_vault, output.identity, output.shared_namespace])) == 1
    error_message = "A short name is the same for every service that takes hyphens."
  }
  assert {
    condition     = output.namespace == "pr-12"
    error_message = "In a cluster of its own an environment is called by its name, got ${output.namespace}."
  }
  assert {
    condition     = startswith(output.registry, "mayflypr12") && startswith(output.storage_account, "mayflypr12")
    error_message = "Services that take no hyphens leave them out, got ${output.registry}."
  }
  assert {
    condition     = output.node_resource_group == "MC_${output.cluster}"
    error_message = "The nodes' group is called as AKS would begin it, got ${output.node_resource_group}."
  }
}

run "fit_every_service_and_are_never_shared" {
  command = plan

  module {
    source = "./tests/many"
  }

  assert {
    condition     = output.count == 240
    error_message = "Expected 5 x 16 x 3 environments, got ${output.count}."
  }
  assert {
    condition     = alltrue([for name in output.all.resource_group : can(regex("^[a-z][a-z0-9-]{0,88}[a-z0-9]$", name))])
    error_message = jsonencode(output.all.resource_group)
  }
  assert {
    condition     = alltrue([for name in output.all.cluster : can(regex("^[a-z][a-z0-9-]{0,61}[a-z0-9]$", name))])
    error_message = jsonencode(output.all.cluster)
  }
  assert {
    condition     = alltrue([for name in output.all.dns_prefix : can(regex("^[a-z][a-z0-9-]{0,52}[a-z0-9]$", name))])
    error_message = jsonencode(output.all.dns_prefix)
  }
  assert {
    condition     = alltrue([for name in output.all.node_resource_group : can(regex("^MC_[a-z0-9-]{1,76}[a-z0-9]$", name))])
    error_message = jsonencode(output.all.node_resource_group)
  }
  assert {
    condition     = alltrue([for name in output.all.registry : can(regex("^[a-z0-9]{5,50}$", name))])
    error_message = jsonencode(output.all.registry)
  }
  assert {
    condition     = alltrue([for name in output.all.key_vault : can(regex("^[a-z][a-z0-9-]{1,22}[a-z0-9]$", name)) && !strcontains(name, "--")])
    error_message = jsonencode(output.all.key_vault)
  }
  assert {
    condition     = alltrue([for name in output.all.storage_account : can(regex("^[a-z0-9]{3,24}$", name))])
    error_message = jsonencode(output.all.storage_account)
  }
  assert {
    condition     = alltrue([for name in output.all.identity : can(regex("^[a-z][a-z0-9-]{1,126}[a-z0-9]$", name))])
    error_message = jsonencode(output.all.identity)
  }
  assert {
    condition     = alltrue([for name in concat(output.all.namespace, output.all.shared_namespace) : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = jsonencode(output.all.namespace)
  }
  assert {
    # In its own cluster, a namespace has nobody to be told from.
    condition     = alltrue([for service, names in output.all : length(distinct(names)) == output.count if service != "namespace"])
    error_message = "Two environments have one name: ${jsonencode({ for service, names in output.all : service => length(distinct(names)) })} of ${output.count}."
  }
}

run "refuse_a_prefix_that_azure_would" {
  command = plan

  variables {
    prefix        = "1mayfly"
    environment   = "pr-12"
    repository_id = "1"
  }
  expect_failures = [var.prefix]
}

# "mayfly-pr" + "1" and "mayfly" + "pr-1" would be one name.
run "refuse_a_prefix_with_a_hyphen" {
  command = plan

  variables {
    prefix        = "mayfly-pr"
    environment   = "1"
    repository_id = "1"
  }
  expect_failures = [var.prefix]
}

run "refuse_a_long_prefix" {
  command = plan

  variables {
    prefix        = "twentyonecharactersis"
    environment   = "pr-12"
    repository_id = "1"
  }
  expect_failures = [var.prefix]
}

run "refuse_an_environment_without_a_letter" {
  command = plan

  variables {
    environment   = "///"
    repository_id = "1"
  }
  expect_failures = [var.environment]
}

run "refuse_an_empty_repository_id" {
  command = plan

  variables {
    environment   = "pr-12"
    repository_id = " "
  }
  expect_failures = [var.repository_id]
}
