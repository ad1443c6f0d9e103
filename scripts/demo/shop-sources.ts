/** Files by their path in the repository. */
export type Files = Readonly<Record<string, string>>;

/** As the first process of its container busybox hears of no other signal, and would be waited for. */
const STOP = "STOPSIGNAL SIGKILL";

const INSTALL = 'RUN ["/bin/busybox", "--install", "-s", "/bin"]';

/** The line of web's Dockerfile that the pull request adds. */
const MISTAKEN = "RUN sed -i 's/USD/EUR/' /pages/price.html";
const MENDED = "RUN sed -i 's/USD/EUR/' /pages/prices.html";

const page = (title: string, text: string): string =>
  `<!doctype html>\n<title>${title}</title>\n<h1>${title}</h1>\n${`<p>${text}</p>\n`.repeat(400)}`;

function webDockerfile(added: readonly string[]): string {
  return `${[
    "FROM scratch AS pages",
    "COPY busybox /bin/busybox",
    INSTALL,
    "COPY pages /pages",
    ...added,
    'RUN for page in /pages/*.html; do gzip -9 -k "$page"; done',
    "",
    "FROM scratch",
    "COPY --from=pages /bin/busybox /bin/busybox",
    "COPY --from=pages /pages /srv",
    STOP,
    'CMD ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/srv"]',
  ].join("\n")}\n`;
}

/** A shop of two images that pull nothing. Each has busybox beside its Dockerfile. */
export const FIRST: Files = {
  "README.md": "# Shop\n",
  ".mayfly/images.yml": "- images: shop/api\n  context: api\n- images: shop/web\n  context: web\n",
  "api/Dockerfile": `${["FROM scratch", "COPY busybox /bin/busybox", INSTALL, "COPY prices.json /srv/", STOP, 'CMD ["httpd", "-f", "-h", "/srv"]'].join("\n")}\n`,
  "api/prices.json": '{ "currency": "USD", "prices": { "lamp": 30, "chair": 80 } }\n',
  "web/Dockerfile": webDockerfile([]),
  "web/pages/index.html": page("Shop", "Lamps and chairs."),
  "web/pages/prices.html": page("Prices", "A lamp is 30 USD."),
};

/** Where busybox belongs. */
export const CONTEXTS = ["api", "web"] as const;

/** A change that is in no image. */
export const README_ONLY: Files = { "README.md": "# Shop\n\nSells lamps and chairs.\n" };

/** Names a page that does not exist. */
export const WITH_MISTAKE: Files = { "web/Dockerfile": webDockerfile([MISTAKEN]) };
export const WITHOUT_MISTAKE: Files = { "web/Dockerfile": webDockerfile([MENDED]) };

/** Where the mistake is. */
export const MISTAKE = {
  file: "web/Dockerfile",
  line: String(webDockerfile([MISTAKEN]).split("\n").indexOf(MISTAKEN) + 1),
};
