# Node runs the TypeScript files as they are: nothing is built, only the dependencies are fetched.
FROM node:26.10.0-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM node:26.10.0-slim
LABEL org.opencontainers.image.title="forewarn" \
      org.opencontainers.image.description="Warns before a POS account is suspended or deregistered" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
# No package manager in the image that runs.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /opt/yarn* /usr/local/bin/yarn*
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY config ./config
COPY src ./src
# By number, so that a cluster can see that it is not root. 1000 is the image's user `node`.
USER 1000:1000
EXPOSE 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "src/main.ts", "healthcheck"]
CMD ["node", "src/main.ts", "run"]
