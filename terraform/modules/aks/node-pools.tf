locals {
  # AKS puts both on every Spot node by itself: left out here, they would be drift.
  spot_label = { "kubernetes.azure.com/scalesetpriority" = "spot" }
  spot_taint = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
}

# With the autoscaler, node_count is not given: then it is the provider's to read and nobody's to change, and a pool that
# has grown is no drift. `ignore_changes = [node_count]` would say so for pools without the autoscaler, too, and their
# node_count could never be changed.
resource "azurerm_kubernetes_cluster_node_pool" "this" {
  for_each = var.node_pools

  name                  = each.key
  kubernetes_cluster_id = azurerm_kubernetes_cluster.this.id
  mode                  = each.value.mode
  vm_size               = each.value.vm_size
  auto_scaling_enabled  = each.value.max_count != null
  node_count            = each.value.node_count
  min_count             = each.value.min_count
  max_count             = each.value.max_count
  zones                 = each.value.zones
  max_pods              = each.value.max_pods
  os_disk_size_gb       = each.value.os_disk_size_gb
  vnet_subnet_id        = var.subnet_id
  tags                  = var.tags

  node_labels = merge(each.value.labels, each.value.spot ? local.spot_label : {})
  node_taints = each.value.spot ? distinct(concat(each.value.taints, [local.spot_taint])) : each.value.taints

  priority        = each.value.spot ? "Spot" : "Regular"
  eviction_policy = each.value.spot ? "Delete" : null
  spot_max_price  = each.value.spot ? each.value.spot_max_price : null

  # For a change that needs new nodes: a pool of this name stands in until the real one is back.
  temporary_name_for_rotation = "tmp${substr(sha256(each.key), 0, 8)}"

  # AKS answers with a surge for every pool but Spot's, where it is refused.
  dynamic "upgrade_settings" {
    for_each = each.value.spot ? [] : [each.value.max_surge]

    content {
      max_surge = upgrade_settings.value
    }
  }
}
