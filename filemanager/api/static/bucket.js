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
  const token = document.getElementById("token").value.trim();
  if (token) request.setRequestHeader("Authorization", token);
  request.upload.onprogress = (sent) => {
    if (sent.lengthComputable) answer.textContent = `${Math.floor((100 * sent.loaded) / sent.total)} %`;
  };
  request.onload = () => { answer.textContent = request.responseText; };
  request.onerror = () => { answer.textContent = "The connection broke. Nothing was kept. Try again."; };
  request.send(data);
});
