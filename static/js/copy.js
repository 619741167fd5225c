/* Copies what stands in another element. Without this file it is selected by hand. */
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.querySelector("[data-copy-word]").textContent = "Copied";
    document.querySelector("[data-copy-said]").textContent = "The key is copied.";
  });
}
