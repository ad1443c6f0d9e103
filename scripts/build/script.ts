import { buildSync } from "esbuild";

/**
 * Bundles a source into one file that needs nothing beside it: for a script that a job keeps after its action is over.
 *
 * @throws when the source cannot be bundled; what is wrong goes to stderr.
 */
export function packScript(source: string, file: string): void {
  buildSync({
    entryPoints: [source],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node24",
    legalComments: "none",
    minifyWhitespace: true,
    minifySyntax: true,
  });
}
