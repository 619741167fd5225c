/* Lets the browser make a passkey for us, or show one. Without it codes work all the same. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function send(address, box, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": box.querySelector("[name=csrfmiddlewaretoken]").value, "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail || "This did not work. Load the page again, then try once more.");
  return said;
}

function listed(credentials = []) {
  return credentials.map((one) => ({ ...one, id: bytes(one.id) }));
}

async function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    clientExtensionResults: made.getClientExtensionResults(),
    response: {
      attestationObject: text(made.response.attestationObject),
      clientDataJSON: text(made.response.clientDataJSON),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    },
  };
}

async function show(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
  const shown = await navigator.credentials.get({ publicKey });
  return {
    id: shown.id,
    rawId: text(shown.rawId),
    type: shown.type,
    clientExtensionResults: shown.getClientExtensionResults(),
    response: {
      authenticatorData: text(shown.response.authenticatorData),
      clientDataJSON: text(shown.response.clientDataJSON),
      signature: text(shown.response.signature),
      userHandle: shown.response.userHandle ? text(shown.response.userHandle) : null,
    },
  };
}

function words(error) {
  if (error.name === "NotAllowedError") return "Nothing was chosen. Press the button to try again.";
  if (error.name === "InvalidStateError") return "This device has a passkey of yours already.";
  return error.message;
}

for (const box of document.querySelectorAll("[data-passkey]")) {
  const button = box.querySelector("button");
  const trouble = box.querySelector("[role=alert]");
  button.hidden = !window.PublicKeyCredential;
  button.addEventListener("click", async () => {
    trouble.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      const options = await send(box.dataset.begin, box, {});
      const credential = await (box.dataset.passkey === "add" ? make : show)(options);
      const name = box.querySelector("input[type=text]")?.value.trim();
      await send(box.dataset.finish, box, { name, credential });
      window.location.assign(box.dataset.next);
    } catch (error) {
      trouble.querySelector("span").textContent = words(error);
      trouble.hidden = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
