/**
 * All that a plan was made for. A plan made against an empty state is bound to almost nothing by terraform itself
 * (https://github.com/hashicorp/terraform/issues/37954), and every environment's first apply is that case.
 */
export interface PlanBinding {
  readonly repositoryId: string;
  readonly headSha: string;
  /** `azurerm/<account>/<container>/<key>`, or what stands for the place of another backend. */
  readonly backend: string;
  readonly workspace: string;
  /** Relative to the workspace of the job. */
  readonly directory: string;
  /** `terraform` or `tofu`. */
  readonly product: string;
  readonly version: string;
  /** SHA-256 of .terraform.lock.hcl; empty when there is none. */
  readonly lockFile: string;
  /** SHA-256 of all variables that were handed over. */
  readonly variables: string;
  /** Targets and replaces, each with its flag. */
  readonly options: readonly string[];
  /** SHA-256 of the plan file. */
  readonly plan: string;
}
