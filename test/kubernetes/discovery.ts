import { apiVersionOf, type Served, SHORT_NAMES, SHOWN_WITH_ALL, VERBS } from "./kinds.ts";

/** Discovery in the form that every client knows; undefined for a path that is none of it. */
export function answerDiscovery(path: string, kinds: readonly Served[]): unknown {
  if (path === "/version") return { major: "1", minor: "36", gitVersion: "v1.36.3", platform: "linux/amd64" };
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  const groups = [...new Set(kinds.map(({ group }) => group).filter((group) => group !== ""))].concat(
    "authorization.k8s.io",
  );
  if (path === "/apis")
    return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map((group) => describeGroup(group, kinds)) };
  if (path === "/openapi/v3")
    return {
      paths: Object.fromEntries(
        listVersions(kinds).map((version) => [
          rootOf(version).slice(1),
          { serverRelativeURL: `/openapi/v3${rootOf(version)}` },
        ]),
      ),
    };
  if (path.startsWith("/openapi/v3/")) return describeOpenApi(path.slice("/openapi/v3".length), kinds);
  const [, group] = /^\/apis\/([^/]+)$/.exec(path) ?? [];
  if (group !== undefined && groups.includes(group))
    return { kind: "APIGroup", apiVersion: "v1", ...describeGroup(group, kinds) };
  const version = [...listVersions(kinds), "authorization.k8s.io/v1"].find((each) => rootOf(each) === path);
  return version === undefined ? undefined : listResources(version, kinds);
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function listVersions(kinds: readonly Served[]): readonly string[] {
  return [...new Set(kinds.map(apiVersionOf))];
}

function describeGroup(name: string, kinds: readonly Served[]) {
  const found = [...new Set(kinds.filter(({ group }) => group === name).map(({ version }) => version))];
  const versions = (found.length === 0 ? ["v1"] : found).map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

function listResources(groupVersion: string, kinds: readonly Served[]): unknown {
  const resources = kinds
    .filter((kind) => apiVersionOf(kind) === groupVersion)
    .flatMap(({ resource, kind, namespaced, subresources }) => [
      {
        name: resource,
        singularName: kind.toLowerCase(),
        namespaced,
        kind,
        verbs: VERBS,
        shortNames: SHORT_NAMES[kind] === undefined ? [] : [SHORT_NAMES[kind]],
        categories: SHOWN_WITH_ALL.has(kind) ? ["all"] : [],
      },
      ...subresources.map((sub) => ({
        name: `${resource}/${sub}`,
        singularName: "",
        namespaced,
        kind,
        verbs: sub === "log" ? ["get"] : ["get", "patch", "update"],
      })),
    ]);
  const reviews = {
    name: "selfsubjectaccessreviews",
    singularName: "",
    namespaced: false,
    kind: "SelfSubjectAccessReview",
    verbs: ["create"],
  };
  const all = groupVersion === "authorization.k8s.io/v1" ? [reviews] : resources;
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: all };
}

/** No schemas: only that each kind takes the server's own validation, without which helm and kubectl want the schemas. */
function describeOpenApi(root: string, kinds: readonly Served[]): unknown {
  const served = kinds.filter((kind) => rootOf(apiVersionOf(kind)) === root);
  const parameters = ["dryRun", "fieldManager", "fieldValidation", "force"].map((name) => ({
    name,
    in: "query",
    schema: { type: "string" },
  }));
  const paths = served.map(({ group, version, kind, namespaced, resource }) => [
    `${root}${namespaced ? "/namespaces/{namespace}" : ""}/${resource}/{name}`,
    {
      patch: {
        operationId: `patch${kind}`,
        parameters,
        responses: {},
        "x-kubernetes-group-version-kind": { group, version, kind },
        "x-kubernetes-action": "patch",
      },
    },
  ]);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.36.3" },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  };
}
