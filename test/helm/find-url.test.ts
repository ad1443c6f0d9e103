import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { findUrl, listUrlObjects, type UrlFacts } from "../../src/helm/find-url.ts";
import type { KubeObject } from "../../src/kubernetes/kube-object.ts";

const FACTS: UrlFacts = { zone: "westeurope.cloudapp.azure.com", gateways: new Map() };
const LABEL = "service.beta.kubernetes.io/azure-dns-label-name";
const PENDING = "pending";
const NONE = "none";

const urlOf = (object: KubeObject, facts: Partial<UrlFacts> = {}): string => {
  const found = findUrl(object, { ...FACTS, ...facts });
  return found.kind === "found" ? found.url : found.kind;
};

function ingress(spec: object, status: object = {}): KubeObject {
  return { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "web" }, spec, status };
}

function service(
  ports: readonly object[],
  more: { readonly annotations?: Record<string, string>; readonly at?: object } = {},
) {
  const { annotations = {}, at = { ip: "20.1.2.3" } } = more;
  const status = { loadBalancer: { ingress: [at] } };
  const metadata = { name: "web", namespace: "pr-12", annotations };
  return { apiVersion: "v1", kind: "Service", metadata, spec: { type: "LoadBalancer", ports }, status };
}

const paths = (...all: readonly string[]) => ({ http: { paths: all.map((path) => ({ path })) } });
const address = { loadBalancer: { ingress: [{ ip: "20.1.2.3" }] } };

describe("an Ingress leads to", () => {
  test.each<readonly [string, KubeObject, string]>([
    ["its host", ingress({ rules: [{ host: "shop.example.com" }] }), "http://shop.example.com"],
    [
      "https, where its host has a certificate",
      ingress({ rules: [{ host: "shop.example.com" }], tls: [{ hosts: ["shop.example.com"] }] }),
      "https://shop.example.com",
    ],
    [
      "https by a certificate for all of a domain",
      ingress({ rules: [{ host: "shop.example.com" }], tls: [{ hosts: ["*.example.com"] }] }),
      "https://shop.example.com",
    ],
    [
      "https by the default certificate",
      ingress({ rules: [{ host: "a.example.com" }], tls: [{}] }),
      "https://a.example.com",
    ],
    [
      "http, where the certificate is another host's",
      ingress({ rules: [{ host: "shop.example.com" }], tls: [{ hosts: ["api.example.com", "*.shop.example.com"] }] }),
      "http://shop.example.com",
    ],
    ["the first host that is one", ingress({ rules: [{ host: "*.a.io" }, { host: "b.io" }] }), "http://b.io"],
    ["nothing that is known, with wildcards only", ingress({ rules: [{ host: "*.a.io" }] }, address), NONE],
    ["its address, without a host", ingress({ rules: [paths("/")] }, address), "http://20.1.2.3"],
    ["nothing yet, without a host and an address", ingress({ rules: [paths("/")] }), PENDING],
    [
      "the name that a cloud gives",
      ingress({}, { loadBalancer: { ingress: [{ hostname: "lb.example.net" }] } }),
      "http://lb.example.net",
    ],
    ["its only path", ingress({ rules: [{ host: "a.io", ...paths("/shop/") }] }), "http://a.io/shop"],
    [
      "the whole site, where that is one of its paths",
      ingress({ rules: [{ host: "a.io", ...paths("/api", "/") }] }),
      "http://a.io",
    ],
    [
      "the site, where its path is a pattern",
      ingress({ rules: [{ host: "a.io", ...paths("/api(/|$)(.*)") }] }),
      "http://a.io",
    ],
    ["nothing, where its host is none", ingress({ rules: [{ host: "a.io/../evil?x=" }] }), NONE],
  ])("%s", (_, object, url) => {
    expect(urlOf(object)).toBe(url);
  });
});

describe("a load balancer leads to", () => {
  const named = { annotations: { [LABEL]: "shop-pr-12" } };
  test.each<readonly [string, KubeObject, string]>([
    ["its name in Azure's DNS", service([{ port: 80 }], named), "http://shop-pr-12.westeurope.cloudapp.azure.com"],
    [
      "its address, where its name is taken back",
      service([{ port: 80 }], { annotations: { [LABEL]: "" } }),
      "http://20.1.2.3",
    ],
    ["nothing before it has an address", service([{ port: 80 }], { ...named, at: {} }), PENDING],
    [
      "its address, inside of a network",
      service([{ port: 80 }], {
        annotations: { [LABEL]: "shop", "service.beta.kubernetes.io/azure-load-balancer-internal": "true" },
        at: { ip: "10.0.0.7" },
      }),
      "http://10.0.0.7",
    ],
    ["https first", service([{ port: 80 }, { port: 443 }]), "https://20.1.2.3"],
    ["its only port, whatever that is", service([{ port: 3000 }]), "http://20.1.2.3:3000"],
    [
      "the port that says so",
      service([
        { port: 9000, name: "metrics" },
        { port: 3000, name: "http" },
      ]),
      "http://20.1.2.3:3000",
    ],
    ["https by what the port says", service([{ port: 9443, appProtocol: "https" }]), "https://20.1.2.3:9443"],
    ["an address of IPv6", service([{ port: 80 }], { at: { ip: "2001:db8::1" } }), "http://[2001:db8::1]"],
    ["no page, where it speaks something else", service([{ port: 4222, name: "nats" }]), NONE],
    ["no page, by UDP", service([{ port: 80, protocol: "UDP" }]), NONE],
  ])("%s", (_, object, url) => {
    expect(urlOf(object)).toBe(url);
  });

  test("its address, where nobody knows the zone", () => {
    expect(urlOf(service([{ port: 80 }], named), { zone: undefined })).toBe("http://20.1.2.3");
  });
});

describe("an HTTPRoute leads to", () => {
  const route = (spec: object): KubeObject => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "web", namespace: "pr-12" },
    spec: { parentRefs: [{ name: "public", namespace: "edge", ...spec }], hostnames: ["shop.example.com"], ...spec },
  });
  const gateway = (listeners: readonly object[], status: object = {}): UrlFacts["gateways"] =>
    new Map([
      [
        "edge/public",
        {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "Gateway",
          metadata: { name: "public", namespace: "edge" },
          spec: { listeners },
          status,
        },
      ],
    ]);
  const plain = { name: "http", protocol: "HTTP", port: 80 };
  const secure = { name: "https", protocol: "HTTPS", port: 443 };

  test("its host, by the best listener of its Gateway", () => {
    expect(urlOf(route({}), { gateways: gateway([plain, secure]) })).toBe("https://shop.example.com");
    expect(urlOf(route({ sectionName: "http" }), { gateways: gateway([plain, secure]) })).toBe(
      "http://shop.example.com",
    );
    expect(urlOf(route({}), { gateways: gateway([{ ...secure, port: 8443 }]) })).toBe("https://shop.example.com:8443");
  });

  test("the Gateway's address, without a host of its own", () => {
    const bare = route({ hostnames: ["*.example.com"] });
    expect(urlOf(bare, { gateways: gateway([plain]) })).toBe(PENDING);
    const status = { addresses: [{ value: "20.1.2.3" }] };
    expect(urlOf(bare, { gateways: gateway([plain], status) })).toBe("http://20.1.2.3");
  });

  test("nothing that is certain, where its Gateway is not known", () => {
    expect(urlOf(route({}))).toBe(NONE);
  });
});

test("an Ingress counts more than a route, and that more than a load balancer; other Services do not count", () => {
  const balanced = service([{ port: 80 }]);
  const inner = { ...balanced, spec: { ports: [{ port: 80 }] } };
  const route = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata: { name: "web" } };
  const all = [inner, balanced, route, ingress({})];
  expect(listUrlObjects(all).map(({ kind }) => kind)).toEqual(["Ingress", "HTTPRoute", "Service"]);
});

test("whatever stands in an object, what is found is an address of the web, and nothing else", () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom("a.io", "*", "a.io:1", "//", "@evil", "\n", "a b", "[::1]", "javascript:1"),
  );
  const anything = fc.oneof(word, fc.anything());
  fc.assert(
    fc.property(anything, anything, anything, word, (spec, status, annotations, host) => {
      const objects = [
        ingress({ rules: [{ host, http: spec }], tls: spec }, {}),
        ingress(spec as object, status as object),
        { ...service([{ port: 80 }]), spec: { ports: spec }, status },
        service([{ port: 80, name: spec }], { at: { hostname: host } }),
        { ...service([{ port: 80 }]), metadata: { name: "web", annotations: annotations as Record<string, string> } },
        service([{ port: 80 }], { annotations: { [LABEL]: host } }),
      ];
      for (const object of objects) {
        const found = findUrl(object as KubeObject, FACTS);
        if (found.kind === "found") expect(found.url).toMatch(/^https?:\/\/[\w.[\]:-]+(?:\/[\w.~/-]*)?$/);
      }
    }),
  );
});
