import * as v from "valibot";

const URL_FORM =
  "https://…, http://… or service://namespace/name:port/path (the namespace may be left out: service://name:port/path)";

/** What is known when the test runs may bring any part of a Service's place with it. */
const URL =
  /^(?:https?:\/\/[^\s/]+(?:\/\S*)?|service:\/\/(?:(?:[a-z0-9-]+\/)?[a-z0-9-]+:[a-z0-9-]+(?:[/?#]\S*)?|\S*\$\{\S*))$/;

/** Where HTTP is asked: an address of the internet, or of a Service of the cluster. */
export const url = v.pipe(v.string(URL_FORM), v.regex(URL, URL_FORM));

const ADDRESS = "host:port, or service://namespace/name:port";

/** Where a connection goes. */
export const address = v.pipe(
  v.string(ADDRESS),
  v.regex(/^(?:service:\/\/(?:[a-z0-9-]+\/)?[a-z0-9-]+:[a-z0-9-]+|(?:\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5})$/, ADDRESS),
);

/** How a Service is reached. */
export const route = v.picklist(["proxy", "port-forward", "in-cluster"], "proxy, port-forward or in-cluster");

export type Route = v.InferOutput<typeof route>;

/** What a spec says of a route. */
export const ROUTE =
  "How a Service is reached: the API server's proxy, a forwarded port of one of its pods, or from a pod inside of the cluster. Chosen by itself where left out.";
