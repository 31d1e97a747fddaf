# docker build -t shoal .
#
# The program alone, built from these sources, run by nobody in particular. Settings, keys and bets are mounted, never
# copied: see 'shoal compose' and docs/operations.md.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props ./
COPY src ./src
RUN dotnet publish src/Shoal.Cli -c Release -o /app -p:UseAppHost=true

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
RUN ln -s /app/shoal /usr/local/bin/shoal \
    && mkdir -p /data /etc/shoal \
    && printf 'data: /data\n' > /etc/shoal/shoal.yaml \
    && chown "$APP_UID" /data
ENV SHOAL_CONFIG=/etc/shoal/shoal.yaml \
    DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /data
WORKDIR /data
EXPOSE 9999 9998 12345 9980
# The lottery's door; a container that opens another one names it in its own health check.
HEALTHCHECK --interval=5s --timeout=5s --retries=5 CMD ["shoal", "ping", "127.0.0.1:12345"]
ENTRYPOINT ["shoal"]
CMD ["lottery", "serve", "--listen", "0.0.0.0:12345"]
