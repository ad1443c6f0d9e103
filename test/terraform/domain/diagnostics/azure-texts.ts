const CLUSTER =
  'Kubernetes Cluster (Subscription: "0000"\nResource Group Name: "shop-pr-12"\nKubernetes Cluster Name: "aks")';
const CONFLICT = "unexpected status 409 (409 Conflict) with error: ";

/** What azurerm 5.2 puts into a diagnostic's summary, as it was seen on the wire. */
export const AZURE_TEXTS = {
  forbidden:
    "unexpected status 403 (403 Forbidden) with error: AuthorizationFailed: The client '1' with object id '2' does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '/subscriptions/0/resourceGroups/shop-pr-12'.",
  roleThere: `${CONFLICT}RoleAssignmentExists: The role assignment already exists. The ID of the existing role assignment is 0123.`,
  principal:
    "unexpected status 400 (400 Bad Request) with error: PrincipalNotFound: Principal 1 does not exist in the directory.",
  quota: `creating ${CLUSTER}: performing CreateOrUpdate: unexpected status 400 (400 Bad Request) with response: {"code":"ErrCode_InsufficientVCPUQuota","message":"Insufficient vcpu quota requested 4, remaining 2."}`,
  busy: `creating ${CLUSTER}: performing CreateOrUpdate: ${CONFLICT}OperationNotAllowed: Operation is not allowed while another one is in progress.`,
  polled: `creating ${CLUSTER}: polling after CreateOrUpdate: polling failed: the Azure API returned the following error:\n\nStatus: "Failed"\nCode: "ReconcileVMSSAgentPoolFailed"\nMessage: "Unable to make the pool."\nActivity Id: ""\n\n---\n\nAPI Response:\n\n----[start]----\n{"status":"Failed","error":{"code":"ReconcileVMSSAgentPoolFailed","message":"Unable to make the pool.","details":[{"code":"SkuNotAvailable","message":"Standard_D2s_v5 is not there."}]}}\n-----[end]-----\n`,
  exists:
    'a resource with the ID "/subscriptions/0/resourceGroups/x" already exists - to be managed via Terraform this resource needs to be imported into the State.',
  nameTaken: `creating Registry (Name: "shop"): performing Create: ${CONFLICT}AlreadyInUse: The registry DNS name shop.azurecr.io is already in use.`,
  policy:
    "creating Registry: performing Create: unexpected status 403 (403 Forbidden) with error: RequestDisallowedByPolicy: Resource 'shop' was disallowed by policy.",
  unregistered: `creating Registry: performing Create: ${CONFLICT}MissingSubscriptionRegistration: The subscription is not registered to use namespace 'Microsoft.ContainerRegistry'.`,
  inconsistent: "Provider produced inconsistent result after apply",
  locked: `deleting Resource Group "shop-pr-12": ${CONFLICT}ScopeLocked: The scope cannot perform delete operation because following scope(s) are locked.`,
  login:
    'building account: could not acquire access token to parse claims: clientCredentialsToken: received HTTP status 400 with response: {"error":"invalid_client","error_description":"AADSTS700213: No matching federated identity record found for presented assertion subject"}',
  idToken:
    "building account: could not acquire access token to parse claims: githubAssertion: received HTTP status 403 with response: {}",
  contains: 'deleting Resource Group "shop-pr-12": the Resource Group still contains Resources.',
  deadline: 'polling deleting Resource Group "shop-pr-12": context deadline exceeded',
  busy429:
    "deleting Registry: performing Delete: unexpected status 429 (429 Too Many Requests) with error: TooManyRequests: slow down",
  broken: "deleting Registry: performing Delete: unexpected status 503 (503 Service Unavailable)",
  subnet:
    "deleting Subnet: performing Delete: unexpected status 400 (400 Bad Request) with error: InUseSubnetCannotBeDeleted: Subnet x is in use by y.",
  storage:
    "Failed to get existing workspaces: listing blobs: executing request: unexpected status 403 (403 This request is not authorized to perform this operation using this permission.) with AuthorizationPermissionMismatch",
  noAccount:
    'Failed to get existing workspaces: listing blobs: executing request: Get "https://mayflystat.blob.core.windows.net/tfstate?comp=list": dial tcp: lookup mayflystat.blob.core.windows.net on 127.0.0.53:53: no such host',
  noKey: '"key": required field is not set',
  noContainer: '"container_name": required field is not set',
  firewall:
    "Failed to get existing workspaces: listing blobs: executing request: unexpected status 403 (403 This request is not authorized to perform this operation.) with AuthorizationFailure",
} as const;
