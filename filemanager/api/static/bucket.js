"use strict";
// A form alone can neither send a header nor show how far it is.
const form = document.getElementById("upload");
const answer = document.getElementById("answer");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const data = new FormData();
  for (const input of form.querySelectorAll("input[type=file]")) {
    for (const file of input.files) {
      data.append("file", file, file.webkitRelativePath || file.name);
    }
  }
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  const token = document.getElementById("token").value.trim();
  if (token) request.setRequestHeader("Authorization", token);
  request.upload.onprogress = (sent) => {
    if (sent.lengthComputable) answer.textContent = `${Math.floor((100 * sent.loaded) / sent.total)} %`;
  };
  request.onload = () => show(new DOMParser().parseFromString(request.responseText, "text/html"));
  request.onerror = () => { answer.textContent = form.dataset.broken; };
  request.send(data);
});

// What was refused is told beside the form, which keeps what was chosen.
function show(page) {
  const refusal = page.querySelector(".refusal");
  const main = page.querySelector("main");
  if (refusal || !main) {
    answer.textContent = refusal ? refusal.textContent : form.dataset.broken;
    answer.lang = (refusal || document.documentElement).lang;
    return;
  }
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  main.focus();
}
