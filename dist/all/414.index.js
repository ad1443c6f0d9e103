export const id = 414;
export const ids = [414];
export const modules = {

/***/ 9600:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _kit_start_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3712);
/* harmony import */ var _tell_killed_run_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5235);


await (0,_kit_start_js__WEBPACK_IMPORTED_MODULE_0__/* .startPost */ .V)("ttl-reaper", _tell_killed_run_js__WEBPACK_IMPORTED_MODULE_1__/* .tellKilledRun */ .U);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 5235:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ tellKilledRun)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var _counts_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8002);
/* harmony import */ var _journal_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2387);
/* harmony import */ var _journal_state_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(8395);
/* harmony import */ var _render_summary_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1724);
/* harmony import */ var _report_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(1852);







/**
 * Tells the truth about a main stage that was killed before it could: the summary and the report are made from its
 * journal. Does nothing where main has told everything, or never began.
 */
async function tellKilledRun(runner) {
    const journal = runner.state(_journal_state_js__WEBPACK_IMPORTED_MODULE_6__/* .JOURNAL_STATE */ .e);
    if (journal === "" || runner.state(_journal_state_js__WEBPACK_IMPORTED_MODULE_6__/* .REPORTED_STATE */ .C) === "true")
        return;
    const text = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(journal, "utf8").catch((error) => {
        if (error.code === "ENOENT")
            return "";
        throw error;
    });
    const story = (0,_journal_js__WEBPACK_IMPORTED_MODULE_3__/* .foldJournal */ .n$)((0,_journal_js__WEBPACK_IMPORTED_MODULE_3__/* .parseJournal */ .z8)(text));
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.writeFile)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(journal), "report.json"), (0,_report_js__WEBPACK_IMPORTED_MODULE_5__/* .renderReport */ .B)(story));
    await runner.summarize((0,_render_summary_js__WEBPACK_IMPORTED_MODULE_4__/* .renderSummary */ .B)(story));
    const { deleted, stillDeleting, accepted, skipped } = (0,_counts_js__WEBPACK_IMPORTED_MODULE_2__/* .countStory */ .D)(story);
    runner.log.warning(`The reaper was killed. Until then: ${deleted} deleted, ${accepted + stillDeleting} being deleted by ARM, ${skipped} not begun.`, { title: "TTL reaper" });
}


/***/ }),

/***/ 7391:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   OF: () => (/* binding */ fenced),
/* harmony export */   Xb: () => (/* binding */ SUMMARY_BUDGET_BYTES),
/* harmony export */   aY: () => (/* binding */ code),
/* harmony export */   pj: () => (/* binding */ plain),
/* harmony export */   tp: () => (/* binding */ table),
/* harmony export */   xV: () => (/* binding */ withinBudget),
/* harmony export */   zH: () => (/* binding */ details)
/* harmony export */ });
/** What the platform takes as one step's summary, in bytes; one byte more and it shows nothing at all. */
const SUMMARY_BUDGET_BYTES = 1_048_576;
/**
 * A text as plain words in GitHub's Markdown: no formatting, HTML, table cells, mentions, references or links come out
 * of it. It may stand inside a line or be one.
 */
function plain(text) {
    return quiet(oneLine(text).trim())
        .replace(/[\\`*_{}[\]()#+!|~>$=-]/g, "\\$&")
        .replace(/^(\d+)\./, "$1\\.")
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;");
}
/**
 * GitHub looks for mentions, references and addresses in the finished page, where no escape counts any more; a space
 * of no width takes them apart.
 */
function quiet(text) {
    return text.replace(/[@#]|:(?=\/\/)|\b(?:gh-|www\.)/gi, "$&\u200b");
}
function oneLine(text) {
    return text.replace(/[\r\n]+/g, " ");
}
/** A text in a code span that may stand in a table cell, whatever backticks and bars it holds. */
function code(text) {
    const line = oneLine(text);
    const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longestRun + 1);
    const padding = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
    return `${fence}${padding}${line.replaceAll("|", "\\|")}${padding}${fence}`;
}
/** A fenced block; the fence is longer than any run of backticks inside. */
function fenced(text, language = "") {
    const longestRun = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longestRun + 1);
    return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}
/** A folded section. The title is Markdown-free text; the body is Markdown. */
function details(title, body) {
    const safe = quiet(oneLine(title)).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    return `<details><summary>${safe}</summary>\n\n${body}\n\n</details>`;
}
/** A table of cells that are Markdown already (use `plain` or `code` for values). */
function table(header, rows) {
    const line = (cells) => `| ${cells.join(" | ")} |`;
    return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
/** Room for the line that says how many sections are missing, and for the last line break. */
const CLOSING_BYTES = 64;
/**
 * Joins sections within a budget of UTF-8 bytes. Earlier sections matter more: later rows and sections are left out
 * first, and what is left out is said. A budget under 64 bytes gets nothing.
 */
function withinBudget(sections, budgetBytes) {
    const parts = [];
    let left = budgetBytes - CLOSING_BYTES;
    for (const section of sections) {
        const part = fitSection(section, left - SEPARATOR_BYTES);
        if (part === undefined)
            continue;
        left -= Buffer.byteLength(part) + SEPARATOR_BYTES;
        parts.push(part);
    }
    const dropped = sections.length - parts.length;
    if (dropped > 0)
        parts.push(`_${dropped} more section${dropped === 1 ? "" : "s"} did not fit here._`);
    return budgetBytes < CLOSING_BYTES ? "" : `${parts.join("\n\n")}\n`;
}
const SEPARATOR_BYTES = 2;
/** A section with as many of its first rows as fit, and a note on the others; undefined when not even the text fits. */
function fitSection({ text, rows = [], omitted }, budgetBytes) {
    const join = (count) => {
        const missing = rows.length - count;
        const note = missing === 0 ? [] : ["", omitted?.(missing) ?? `… and ${missing} more.`];
        return [text, ...rows.slice(0, count), ...note].join("\n");
    };
    const fits = (count) => Buffer.byteLength(join(count)) <= budgetBytes;
    if (fits(rows.length))
        return join(rows.length);
    // The size grows with every row, but for a byte or two of the note: halve, then step back to what surely fits.
    let low = 0;
    let high = rows.length;
    while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (fits(middle))
            low = middle;
        else
            high = middle - 1;
    }
    return fits(low) ? join(low) : undefined;
}


/***/ })

};
