import { describe, expect, test } from "@jest/globals";
import type { Act, Played, Scene } from "../../scripts/demo/act.ts";
import { inlineScript } from "../../scripts/demo/html.ts";
import { listFaults } from "../../scripts/demo/outcome.ts";
import { renderPage } from "../../scripts/demo/page.ts";
import { makeRequest, makeScene, playJob } from "./make-scene.ts";

const sceneOf = async (script: string): Promise<Scene> => makeScene([await playJob({ run: script })]);

const SCRIPT = [
  "echo '::group::Plan </script>'; echo inside; echo ::endgroup::",
  "echo '::warning title=Odd::<b>mend</b>'",
  "printf '## Sum\\n\\n```mermaid\\ngantt\\n```\\n' >>\"$GITHUB_STEP_SUMMARY\"",
].join("\n");
const act: Act = { name: "One", story: "A < B", needs: [], run: () => Promise.reject(new Error("not played here")) };
const missing: Act = {
  ...act,
  name: "Two",
  needs: [
    { name: "docker", bring: "apt-get install docker.io", isThere: () => false },
    { name: "node", bring: "never shown", isThere: () => true },
  ],
};
const facts = { repository: "octo/mayfly", at: new Date(0), version: "24" };

describe("the page", () => {
  test("shows a run, escapes what its jobs printed, and needs nothing beside it", async () => {
    const html = renderPage([{ act, scene: await sceneOf(SCRIPT) }], facts);
    const [body = ""] = /<body>[\s\S]*?(?=<script>)/.exec(html) ?? [];
    expect(body).toContain("Plan &lt;/script&gt;");
    expect(body).toContain("<b>Warning: </b>&lt;b&gt;mend&lt;/b&gt;");
    expect(body).toContain("<b>Job &lt;1&gt; · Odd</b>");
    expect(body).toContain("Step &amp; co");
    expect(body).toContain('<pre class="mermaid">gantt');
    expect(body).toContain('<td class="was"><code>a</code></td>');
    expect(body).toContain('<td class="gone">gone</td>');
    expect(body).toContain("<b>1 request</b> to 1 host");
    expect(body).not.toMatch(/\s(?:src|href)="(?!#)/);
    expect(html).toContain("default-src 'none'");
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    const links = [...body.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !body.includes(`id="${id}"`))).toEqual([]);
  });

  test("names an act that could not be played, and the command that brings what it lacks", async () => {
    const html = renderPage([{ act: missing }], facts);
    expect(html).toContain("<li>docker: <code>apt-get install docker.io</code></li>");
    expect(html).not.toContain("never shown");
  });

  test("frames the legs of a matrix, and shows a job that did not run", async () => {
    const legs = await Promise.all(
      ["Build api", "Build web"].map((name) =>
        playJob({ run: "true" }, { name, matrix: {}, github: { job: "build" } }),
      ),
    );
    const scene = makeScene([await playJob({ run: "true" }, { name: "List" }), ...legs]);
    const html = renderPage([{ act, scene: { ...scene, run: { ...scene.run, skipped: ["Images"] } } }], facts);
    const [, nodes = ""] = /<div class="nodes">(.*)/.exec(html) ?? [];
    expect(
      nodes.split('<i class="edge"></i>').map((place) => [...place.matchAll(/<b>(.*?)<\/b>/g)].map(([, name]) => name)),
    ).toEqual([["List"], ["Build api", "Build web"], ["Images"]]);
    expect(nodes).toContain("<p>Matrix: build</p>");
    const alone = renderPage([{ act, scene: makeScene(legs.slice(1)) }], facts);
    expect(alone).not.toContain("Matrix: build");
  });

  test("says what started a run, and at which line of which file something is wrong", async () => {
    const scene = await sceneOf("echo '::error file=web/Dockerfile,line=5::no such page'");
    const run = { ...scene.run, event: "pull_request", actor: "mona", title: "Show <prices>", commit: "5f0c1b2" };
    const html = renderPage([{ act, scene: { ...scene, run } }], facts);
    expect(html).toContain("<span>Show &lt;prices&gt; <small>#1</small></span>");
    expect(html).toContain("<dt>Triggered via pull request</dt><dd>mona · <code>main</code> <code>5f0c1b2</code></dd>");
    expect(html).toContain("<code>web/Dockerfile#L5</code>");
  });

  test("has a table for each part of Azure, with the numbers of the acts that are about it", async () => {
    const scene = await sceneOf(SCRIPT);
    const images = { part: { title: "x.azurecr.io", noun: "tag" }, before: [], after: [] };
    const shop = { name: "shop/web", note: "3 manifests", holder: true } as const;
    const after = [shop, { name: "shop/web:main", note: "aaa" }];
    const played: readonly Played[] = [
      { act, scene },
      { act: missing },
      { act, scene: { ...scene, ...images, after } },
      { act, scene: { ...scene, ...images, before: after, after: [shop] } },
    ];
    const html = renderPage(played, facts);
    const rows = [...html.matchAll(/<table class="inventory">(.*?)<\/table>/gs)].map(([, table = ""]) =>
      [...table.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
        [...row.matchAll(/<t[dh].*?>(.*?)<\/t[dh]>/g)].map(([, cell = ""]) => cell.replace(/<.*?>/g, "")),
      ),
    );
    expect(rows).toEqual([
      [
        ["Resource group", "At first", "After act 1"],
        ["a", "expires-at x", "gone"],
        ["b", "expires-at x", "still there"],
        ["", "2 groups", "1 group"],
      ],
      [
        ["x.azurecr.io", "At first", "After act 3", "After act 4"],
        ["shop/web", "", "3 manifests", "still there"],
        ["shop/web:main", "", "aaa", "gone"],
        ["", "0 tags", "1 tag", "0 tags"],
      ],
    ]);
  });

  test("shows of a request to storage what it asks for, and of a digest its beginning", async () => {
    const path = `/previews/pr-8.tfstate.plan/${"0123456789abcdef".repeat(4)}`;
    const requests = [{ ...makeRequest("PUT", path), query: { comp: "lease" } }];
    const html = renderPage([{ act, scene: { ...(await sceneOf("echo x")), requests } }], facts);
    expect(html).toContain("</span>/previews/pr-8.tfstate.plan/0123456789ab…?comp=lease</td>");
  });

  test("says why an act broke off", () => {
    const html = renderPage([{ act, broke: "Error: <buildkitd> was not ready" }], facts);
    expect(html).toContain("<pre>Error: &lt;buildkitd&gt; was not ready</pre>");
  });

  test("says what did not go as told", async () => {
    const scene = { ...(await sceneOf("echo x")), faults: ["a <is> gone"] };
    expect(renderPage([{ act, scene }], facts)).toContain("<li>a &lt;is&gt; gone</li>");
  });
});

test("inlined scripts keep their meaning and cannot end their element", () => {
  const source = 'return ["</script>", "<!--", /<!--/.test("<!--"), 1 < 2];';
  const inlined = inlineScript(source);
  expect(inlined).not.toMatch(/<\/script|<!--/i);
  expect(new Function(inlined)()).toEqual(["</script>", "<!--", true, true]);
});

describe("an outcome", () => {
  const told = { conclusion: "success", gone: ["a"], asked: 1 } as const;

  test("that is as told has no faults", async () => {
    expect(listFaults(told, await sceneOf(SCRIPT))).toEqual([]);
  });

  test("names everything that differs", async () => {
    const scene = await sceneOf("exit 3");
    const refused = { ...makeRequest("DELETE", "/a"), refused: "The emulator does not know x" };
    const wrong = { ...scene, after: ["a", "c"].map((name) => ({ name, note: "x" })), requests: [refused, refused] };
    expect(listFaults(told, wrong)).toEqual([
      "b is gone and should not be",
      "a should be gone and is not",
      "c was not there before",
      "deletes asked for: 2, and not 1",
      "the run should end with success, and ended with failure",
      "The emulator does not know x",
      "The emulator does not know x",
      "no job wrote a summary",
    ]);
  });
});
