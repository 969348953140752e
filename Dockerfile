FROM python:3.13-slim

WORKDIR /srv/jiceng
COPY requirements.lock pyproject.toml ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY app app
COPY migrations migrations
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && useradd --system --uid 10001 --create-home jiceng \
    && install --directory --owner jiceng --mode 700 /var/lib/jiceng

USER jiceng
ENV DATA_DIR=/var/lib/jiceng HOST=0.0.0.0 PORT=8000
VOLUME /var/lib/jiceng
EXPOSE 8000
CMD ["jiceng", "serve"]
