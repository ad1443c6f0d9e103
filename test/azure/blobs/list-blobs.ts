import { type Blob, keyOf } from "./blob.ts";
import type { BlobRead, BlobStore } from "./blobs.ts";
import type { Kept } from "./history.ts";
import { document, element, escapeXml } from "./xml.ts";

/** One row: a blob as it is, or an earlier state of it, or a folder. */
interface Row {
  readonly name: string;
  readonly blob?: Blob;
  readonly kept?: Kept;
}

/** GET of a container with `comp=list`: by name, in pages, flat or by folders. */
export const listBlobs: BlobRead = async (_request, url, store, address) => {
  const query = (name: string) => url.searchParams.get(name) ?? "";
  const [prefix, delimiter, marker] = [query("prefix"), query("delimiter"), query("marker")];
  const include = query("include").split(",");
  const most = Math.min(Number(query("maxresults") || store.settings.pageSize), store.settings.pageSize);
  const after = marker === "" ? "" : Buffer.from(marker, "base64url").toString();
  const all = folded(rowsOf(store, address, include), prefix, delimiter).filter(({ name }) => name > after);
  const last = all[most - 1]?.name;
  // The states of one blob are never torn apart.
  const page = last === undefined ? all : all.filter(({ name }) => name <= last);
  const next = page.length < all.length && last !== undefined ? Buffer.from(last).toString("base64url") : "";
  const echoed = (["Prefix", "Marker", "MaxResults", "Delimiter"] as const).flatMap((name) =>
    query(name.toLowerCase()) === "" ? [] : [element(name, query(name.toLowerCase()))],
  );
  const service = `ServiceEndpoint="https://${url.hostname}/" ContainerName="${escapeXml(address.container)}"`;
  const rows = page.map((row) => renderRow(row, store, address, include));
  const body = [...echoed, element("Blobs", rows), element("NextMarker", next)].join("");
  const xml = document(`<EnumerationResults ${service}>${body}</EnumerationResults>`);
  return { status: 200, headers: { "content-type": "application/xml" }, body: xml };
};

function rowsOf(store: BlobStore, address: Parameters<BlobRead>[3], include: readonly string[]): readonly Row[] {
  const wanted = ({ kind, deletedAt }: Kept) => {
    if (deletedAt !== undefined) return include.includes("deleted");
    return (
      (kind === "snapshot" && include.includes("snapshots")) || (kind === "version" && include.includes("versions"))
    );
  };
  return store.names(address).flatMap((name) => {
    const blob = store.find({ ...address, name });
    const kept = store.history.list(keyOf({ ...address, name })).filter(wanted);
    return [...kept.map((each) => ({ name, kept: each })), ...(blob === undefined ? [] : [{ name, blob }])];
  });
}

/** Names that go on behind the delimiter are one row together. */
function folded(rows: readonly Row[], prefix: string, delimiter: string): readonly Row[] {
  const found: Row[] = [];
  for (const row of rows.filter(({ name }) => name.startsWith(prefix))) {
    const at = delimiter === "" ? -1 : row.name.indexOf(delimiter, prefix.length);
    const name = at < 0 ? row.name : row.name.slice(0, at + delimiter.length);
    if (at < 0) found.push(row);
    else if (found.at(-1)?.name !== name) found.push({ name });
  }
  return found;
}

function renderRow(
  { name, blob, kept }: Row,
  store: BlobStore,
  address: Parameters<BlobRead>[3],
  include: readonly string[],
) {
  const shown = blob ?? kept?.blob;
  if (shown === undefined) return element("BlobPrefix", [element("Name", name)]);
  const lease = store.leases.find(keyOf({ ...address, name }));
  const leased = [element("LeaseStatus", lease.status), element("LeaseState", lease.state)];
  const duration = lease.duration === undefined ? [] : [element("LeaseDuration", lease.duration)];
  const deleted = kept?.deletedAt === undefined ? [] : [element("DeletedTime", kept.deletedAt.toUTCString())];
  const properties = [
    element("Creation-Time", shown.created.toUTCString()),
    element("Last-Modified", shown.modified.toUTCString()),
    element("Etag", shown.etag.replaceAll('"', "")),
    element("Content-Length", `${shown.bytes}`),
    element("Content-Type", shown.contentType),
    element("BlobType", shown.type),
    ...(blob === undefined ? [] : [...leased, ...duration]),
    ...deleted,
  ];
  const metadata = Object.entries(shown.metadata).map(([key, value]) => element(key, value));
  return element("Blob", [
    element("Name", name),
    ...(kept?.deletedAt === undefined ? [] : [element("Deleted", "true")]),
    ...(kept?.kind === "snapshot" ? [element("Snapshot", kept.at)] : []),
    ...(kept?.kind === "version" ? [element("VersionId", kept.at)] : []),
    ...(blob !== undefined && store.accounts.keeping(address.account).versions
      ? [element("VersionId", blob.version), element("IsCurrentVersion", "true")]
      : []),
    element("Properties", properties),
    ...(include.includes("metadata") ? [element("Metadata", metadata)] : []),
  ]);
}
