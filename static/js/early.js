// Runs before the first paint: tells the style sheet that scripts work, and keeps large type on.
(function () {
  const page = document.documentElement;
  page.classList.add("js");
  let large = null;
  try { large = localStorage.getItem("linkage-large"); } catch (refused) { /* the cookie decides */ }
  if (large !== null && !/[?&]large=/.test(location.search)) page.classList.toggle("lk-large", large === "1");
})();
