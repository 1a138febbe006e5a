# Callwright as it lies in this folder.
FROM node:20-slim
WORKDIR /callwright

COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

COPY . .
# Compiles the program: whoever runs it may not write here, and starts three times as fast.
RUN node cli/callwright.mjs --version

# The folders that become volumes belong to the user who writes into them: "node", number 1000.
RUN install -d -o node -g node /data /prompts /asterisk \
 && install -d -o node -g node -m 700 /recordings

ENV NODE_ENV=production \
    CALLWRIGHT_DATA=/data \
    CALLWRIGHT_PROMPTS=/prompts \
    CALLWRIGHT_RECORDINGS=/recordings
USER node
# What "npm start" runs, without npm between it and the signal to stop.
ENTRYPOINT ["node", "cli/callwright.mjs"]
CMD ["run"]
