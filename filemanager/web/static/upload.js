// Sends files and folders in pieces, as one batch: an upload that broke off goes on when the same
// files are chosen again, be it in another window. Without this script the form below does.
import { Dashboard, Tus, Uppy } from "./vendor/uppy.js";

const ACCEPTED = 202;
const ASKED_EVERY_MS = 1000;
const TOLD_EVERY_MS = 5000;
const RENEWED_BEFORE_MS = 60_000;
const CHUNK_BYTES = 8 << 20;

// What the uploader itself says, by the language of the page; English is built in.
const LOCALES = { de: () => import("./vendor/uppy.de.js") };

class Refused extends Error {}

async function answered(response) {
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Refused(problem.detail ?? response.statusText);
}

// Tokens for the API, each as long as it is good: the cookie of the page opens none of it.
class Tokens {
  #form;
  #known = null;

  constructor(form) {
    this.#form = form;
  }

  async get() {
    if (!this.#known || this.#known.ends - Date.now() < RENEWED_BEFORE_MS) {
      this.#known = await this.#renewed();
    }
    return this.#known.token;
  }

  async #renewed() {
    const { tokens, workspace } = this.#form.dataset;
    const body = new URLSearchParams({ csrf: this.#form.elements.csrf.value, workspace });
    const headers = { Accept: "application/json" };
    const given = await answered(await fetch(tokens, { method: "POST", body, headers }));
    return { token: given.token, ends: Date.parse(given.expires_at) };
  }
}

// The batch that files go into until it is received, whatever becomes of this window.
class Batch {
  #key;

  constructor(workspace) {
    this.#key = `filemanager-batch-${workspace}`;
    this.id = localStorage.getItem(this.#key) ?? crypto.randomUUID();
    this.isOld = localStorage.getItem(this.#key) !== null;
  }

  begin() {
    localStorage.setItem(this.#key, this.id);
  }

  end() {
    localStorage.removeItem(this.#key);
  }
}

class Uploader {
  #form;
  #batch;
  #tokens;
  #status;
  #toldAt = 0;

  constructor(form) {
    this.#form = form;
    this.#batch = new Batch(form.dataset.workspace);
    this.#tokens = new Tokens(form);
    this.#status = document.createElement("p");
    this.#status.setAttribute("role", "status");
  }

  async start() {
    const place = document.createElement("div");
    place.id = "uploader";
    this.#form.before(place, this.#status);
    const spoken = await LOCALES[document.documentElement.lang]?.();
    const uppy = this.#uppy(place, spoken?.locale);
    uppy.on("upload", () => {
      this.#batch.begin();
      this.#choose(uppy);
    });
    uppy.on("progress", (percent) => this.#tell(percent));
    uppy.on("complete", (result) => this.#completed(result));
    if (this.#batch.isOld) this.#say(this.#form.dataset.unfinished);
    document.documentElement.dataset.uploader = "ready";
  }

  #uppy(place, locale) {
    const { tus } = this.#form.dataset;
    return new Uppy({ id: this.#batch.id, autoProceed: false, locale })
      .use(Dashboard, {
        inline: true,
        target: place,
        width: "100%",
        height: 320,
        theme: "auto",
        fileManagerSelectionType: "both",
        proudlyDisplayPoweredByUppy: false,
        disableThumbnailGenerator: true,
        showProgressDetails: true,
        doneButtonHandler: null,
      })
      .use(Tus, {
        endpoint: new URL(tus, location.href).href,
        chunkSize: CHUNK_BYTES,
        limit: 4,
        removeFingerprintOnSuccess: false,
        onBeforeRequest: async (request) => {
          request.setHeader("Authorization", await this.#tokens.get());
        },
      });
  }

  // Where the files go, and what the form says beside them: of what it does not say no word is sent.
  #choose(uppy) {
    const { ancillary, unpack } = this.#form.elements;
    const chosen = { workspace: this.#form.dataset.workspace, batch: this.#batch.id };
    if (ancillary.checked) chosen.ancillary = "true";
    if (unpack.value) chosen.unpack = String(unpack.value === "unpack");
    uppy.setMeta(chosen);
    const allowedMetaFields = ["name", "relativePath", ...Object.keys(chosen)];
    uppy.getPlugin("Tus").setOptions({ allowedMetaFields });
  }

  #tell(percent) {
    if (Date.now() - this.#toldAt < TOLD_EVERY_MS) return;
    this.#toldAt = Date.now();
    this.#say(`${percent} %`);
  }

  #say(text) {
    this.#status.textContent = text;
  }

  async #completed({ successful, failed }) {
    if (failed.length || !successful.length) {
      this.#say(this.#form.dataset.failed);
      return;
    }
    this.#say(this.#form.dataset.receiving);
    try {
      await this.#receive();
    } catch (error) {
      this.#say(error instanceof Refused ? error.message : this.#form.dataset.failed);
      return;
    }
    this.#batch.end();
    const done = new URLSearchParams({ done: "uploaded", added: successful.length });
    location.assign(`${location.pathname}?${done}`);
  }

  // All of it or nothing. A large batch becomes a job, which is asked about until it ends.
  async #receive() {
    const { batches } = this.#form.dataset;
    const response = await this.#ask("POST", `${batches}/${this.#batch.id}:receive`);
    const told = await answered(response);
    if (response.status === ACCEPTED) {
      await this.#ended(new URL(response.headers.get("Location"), response.url));
      return;
    }
    const refused = told.uploads.find((upload) => upload.error);
    if (refused) throw new Refused(`${refused.path}: ${refused.error.detail}`);
  }

  async #ended(job) {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, ASKED_EVERY_MS));
      const { state, error } = await answered(await this.#ask("GET", job));
      if (state === "failed") throw new Refused(error?.detail ?? this.#form.dataset.failed);
      if (state === "done") return;
    }
  }

  async #ask(method, url) {
    const headers = { Accept: "application/json", Authorization: await this.#tokens.get() };
    return fetch(url, { method, headers });
  }
}

const form = document.querySelector("form[data-tus]");
if (form) new Uploader(form).start();
