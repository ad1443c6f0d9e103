export const id = 397;
export const ids = [397];
export const modules = {

/***/ 6720:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ removeAzFolder),
/* harmony export */   n: () => (/* binding */ loginAz)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);



const PREFIX = "mayfly-az-";
/**
 * Logs the az CLI in, in a configuration folder of its own (0700) below the runner's scratch folder, so that neither
 * the runner's own az login nor another job's is touched. Undefined when there is no az.
 *
 * The ID token goes in by a file that only this user can read (`@file`, which az takes for every value) and that is
 * gone when az is: `ps` shows a command line to everybody.
 */
async function loginAz(options) {
    const az = await options.commands.find("az");
    if (az === undefined)
        return undefined;
    const folder = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(options.tempFolder, PREFIX));
    options.onFolder(folder);
    const call = (parameters) => options.commands.run(az, [...parameters, "--only-show-errors", "--output", "json"], {
        AZURE_CONFIG_DIR: folder,
        AZURE_CORE_COLLECT_TELEMETRY: "no",
        AZURE_CORE_LOGIN_EXPERIENCE_V2: "off",
    });
    for (const [step, parameters] of listCloudSteps(options.cloud)) {
        const outcome = await call(parameters);
        if (outcome.exitCode !== 0)
            return fail(step, outcome);
    }
    const login = await withTokenFile(folder, options.idToken, (file) => call(renderLogin(options, file)));
    if (login.exitCode !== 0)
        return fail("az login", login);
    const { subscriptionId } = options;
    if (subscriptionId !== undefined && !isDefault(login.stdout, subscriptionId)) {
        const outcome = await call(["account", "set", "--subscription", subscriptionId]);
        if (outcome.exitCode !== 0)
            return fail("az account set", outcome);
    }
    return { kind: "in", configFolder: folder };
}
function fail(step, outcome) {
    return { kind: "failed", step, said: outcome.stderr.trim() || `exit code ${outcome.exitCode}` };
}
/** Each start of az takes a second, so the public cloud, its default, needs none. */
function listCloudSteps(cloud) {
    if (cloud.azCloudName === "AzureCloud")
        return [];
    if (cloud.azCloudName !== undefined)
        return [["az cloud set", ["cloud", "set", "--name", cloud.azCloudName]]];
    const endpoints = [
        ["--endpoint-active-directory", cloud.authorityHost],
        ["--endpoint-resource-manager", `${cloud.resourceManager}/`],
        ["--endpoint-active-directory-resource-id", `${cloud.resourceManager}/`],
    ];
    return [
        ["az cloud register", ["cloud", "register", "--name", "Mayfly", ...endpoints.flat()]],
        ["az cloud set", ["cloud", "set", "--name", "Mayfly"]],
    ];
}
function renderLogin(login, tokenFile) {
    return [
        ...["login", "--service-principal", "--username", login.clientId, "--tenant", login.tenantId],
        ...["--federated-token", `@${tokenFile}`],
        ...(login.subscriptionId === undefined ? ["--allow-no-subscriptions"] : []),
    ];
}
async function withTokenFile(folder, idToken, use) {
    const token = await idToken();
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, "assertion");
    const file = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.open)(path, node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_WRONLY | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_CREAT | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_EXCL | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_NOFOLLOW, 0o600);
    try {
        await file.writeFile(token).finally(() => file.close());
        return await use(path);
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(path, { force: true });
    }
}
/** Whether az has chosen the subscription by itself; one more start of az is saved then. */
function isDefault(stdout, subscriptionId) {
    try {
        const accounts = JSON.parse(stdout);
        const same = (id) => String(id).toLowerCase() === subscriptionId.toLowerCase();
        return Array.isArray(accounts) && accounts.some((account) => account?.isDefault === true && same(account?.id));
    }
    catch {
        return false;
    }
}
/**
 * Removes the folder that `loginAz` made, and nothing else: not one outside the scratch folder, not one of another
 * name, not what a link points at. Returns why it was left, or undefined when it is gone.
 */
async function removeAzFolder(folder, tempFolder) {
    if (!(0,node_path__WEBPACK_IMPORTED_MODULE_2__.isAbsolute)(folder) || !(0,node_path__WEBPACK_IMPORTED_MODULE_2__.basename)(folder).startsWith(PREFIX))
        return `${folder} is not a folder that azure-login makes`;
    const found = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.lstat)(folder).catch(() => undefined);
    if (found === undefined)
        return undefined;
    if (!found.isDirectory())
        return `${folder} is not a folder any more`;
    if ((await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(folder))) !== (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(tempFolder)))
        return `${folder} is outside ${tempFolder}`;
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(folder, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
}


/***/ }),

/***/ 114:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   n: () => (/* binding */ cleanUp)
/* harmony export */ });
/* harmony import */ var _az_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6720);
/* harmony import */ var _state_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5046);


/** Removes what main made: the az CLI's folder, if there is one. Without state there is nothing to do. */
async function cleanUp(runner) {
    const folder = runner.state(_state_js__WEBPACK_IMPORTED_MODULE_1__/* .AZ_FOLDER */ .t);
    if (folder === "")
        return;
    const left = await (0,_az_js__WEBPACK_IMPORTED_MODULE_0__/* .removeAzFolder */ .W)(folder, runner.tempFolder);
    if (left === undefined)
        runner.log.info(`Removed ${folder}`);
    else
        runner.log.warning(`Left in place: ${left}.`, { title: "Azure login: clean-up was not finished" });
}


/***/ }),

/***/ 397:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _kit_start_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3712);
/* harmony import */ var _clean_up_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(114);


await (0,_kit_start_js__WEBPACK_IMPORTED_MODULE_0__/* .startPost */ .V)("Azure login", _clean_up_js__WEBPACK_IMPORTED_MODULE_1__/* .cleanUp */ .n);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 5046:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   t: () => (/* binding */ AZ_FOLDER)
/* harmony export */ });
/** The state that main leaves for post: the path of the az CLI's folder. Never a secret. */
const AZ_FOLDER = "az-folder";


/***/ })

};
