// A room server on socket.io, as its documentation shows it.
import { Server } from "socket.io";

const io = new Server(Number(process.argv[2]), {
  transports: ["websocket"],
  perMessageDeflate: false,
});
io.on("connection", (socket) => {
  let room = "";
  socket.on("join", (name) => {
    room = name;
    socket.join(name);
    socket.emit("joined");
  });
  socket.on("say", (text) => io.to(room).emit("line", text));
});
console.log("ready");
