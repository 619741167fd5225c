/* Hears that this session is over, and covers the page: what it shows is nobody's to see
   any more. Without this file the next request tells. */
{
  const soon = document.getElementById("session-soon");
  const over = document.getElementById("session-over");
  const isOver = 4401;
  const longestWaitMs = 60_000;
  let waitMs = 1000;

  const cover = ({ title, words }) => {
    for (const part of document.body.children) part.hidden = part !== over;
    document.title = title;
    document.getElementById("session-over-title").textContent = title;
    document.getElementById("session-over-words").textContent = words;
    const link = over.querySelector("a");
    link.search = new URLSearchParams({ next: location.pathname + location.search });
    link.focus();
  };

  const hear = (event) => {
    const said = JSON.parse(event.data);
    if (said.kind === "over") cover(said);
    else soon.hidden = said.kind !== "soon";
  };

  const connect = () => {
    const address = new URL("/ws/session/", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.addEventListener("open", () => { waitMs = 1000; });
    socket.addEventListener("message", hear);
    socket.addEventListener("close", (event) => {
      if (event.code === isOver) return;
      setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    });
  };

  soon.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(soon.action, { method: "POST", body: new FormData(soon) });
    if (answer.status === 204) soon.hidden = true;
    else location.reload();
  });

  connect();
}
