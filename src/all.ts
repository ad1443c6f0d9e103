// Generated from src/actions/ by scripts/generate.ts. Do not edit.
const entries = {
  "acr-build-push": () => import("./actions/acr-build-push/index.ts"),
  "acr-build-push-post": () => import("./actions/acr-build-push/post.ts"),
  "acr-import": () => import("./actions/acr-import/index.ts"),
  "acr-purge": () => import("./actions/acr-purge/index.ts"),
  "aks-set-context": () => import("./actions/aks-set-context/index.ts"),
  "aks-set-context-post": () => import("./actions/aks-set-context/post.ts"),
  "azure-login": () => import("./actions/azure-login/index.ts"),
  "azure-login-post": () => import("./actions/azure-login/post.ts"),
  "helm-deploy": () => import("./actions/helm-deploy/index.ts"),
  "helm-deploy-post": () => import("./actions/helm-deploy/post.ts"),
  "image-list": () => import("./actions/image-list/index.ts"),
  "preview": () => import("./actions/preview/index.ts"),
  "smoke-test": () => import("./actions/smoke-test/index.ts"),
  "smoke-test-post": () => import("./actions/smoke-test/post.ts"),
  "terraform": () => import("./actions/terraform/index.ts"),
  "terraform-post": () => import("./actions/terraform/post.ts"),
  "terraform-background": () => import("./actions/terraform/background.ts"),
  "ttl-reaper": () => import("./actions/ttl-reaper/index.ts"),
  "ttl-reaper-post": () => import("./actions/ttl-reaper/post.ts"),
};

/** Runs one stage of one action. */
export const load = (name: keyof typeof entries): Promise<unknown> => entries[name]();
