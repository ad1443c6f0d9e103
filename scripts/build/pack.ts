import { chmodSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { transformSync } from "esbuild";

/** What ncc gives: the entry's code, and chunks and other files by name. It brings no types of its own. */
interface Packed {
  readonly code: string;
  readonly assets: Readonly<Record<string, { readonly source: string | Buffer; readonly permissions: number }>>;
}

type Ncc = (input: string, options: Readonly<Record<string, unknown>>) => Promise<Packed>;

export interface PackOptions {
  readonly folder: string;
  /** The entry's file name in the folder. */
  readonly name: string;
  /** Packages that are imported from another place instead of being bundled. */
  readonly externals?: Readonly<Record<string, string>>;
  readonly licenses?: string;
}

/** Chunks of this size hold libraries; ours are smaller. */
const LIBRARIES_FROM_CHARACTERS = 100_000;

/**
 * Bundles one entry with ncc into a folder that is there.
 *
 * Never with `open` as an external: ncc would import it statically, and every action would fail where there is no
 * node_modules.
 */
export async function pack(entry: string, options: PackOptions): Promise<void> {
  const ncc = createRequire(import.meta.url)("@vercel/ncc") as Ncc;
  const { externals = {}, licenses = "" } = options;
  const { code, assets } = await ncc(entry, { cache: false, quiet: true, externals, license: licenses });
  write(join(options.folder, options.name), code, 0o644);
  for (const [name, { source, permissions }] of Object.entries(assets)) {
    write(join(options.folder, name), source, permissions);
  }
}

function write(path: string, source: string | Buffer, permissions: number): void {
  writeFileSync(path, /\.c?js$/.test(path) ? shorten(source.toString(), path.endsWith(".cjs")) : source);
  chmodSync(path, (permissions & 0o111) === 0 ? 0o644 : 0o755);
}

/**
 * Takes white space and comments out, and long names out of chunks that hold libraries: our own names stay, so that a
 * stack still reads. ncc's `minify` leaves the chunks as they are, and a third of a start is spent on reading them.
 */
function shorten(source: string, commonJs: boolean): string {
  const { code } = transformSync(source, {
    ...(commonJs ? {} : { format: "esm" }),
    target: "node24",
    legalComments: "none",
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: source.length > LIBRARIES_FROM_CHARACTERS,
  });
  return code;
}
