//! Speaks HTTP: hands each request past the guard to the answers, and tells browsers of new editions. Decides nothing itself.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::{Router, routing};
use jiff::civil::Date;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;

use super::answer::{Answer, DAY, OWN, Question, answer};
use super::desk::Desk;
use super::guard;

/// Threads that make pages: a page takes less than a millisecond, so many would only hold memory.
const MAKERS: usize = 8;
/// Stack of each; as on the threads of a build.
const STACK: usize = 8 << 20;
/// What is still going on when the preview ends has so long.
const LAST: Duration = Duration::from_secs(1);

#[derive(Clone)]
struct Front {
    desk: Arc<Desk>,
    port: u16,
    /// Tells one run of the preview from the next, whose numbers begin anew.
    run: Arc<str>,
}

/// Serves until the process is asked to end.
pub(super) fn serve(listener: TcpListener, port: u16, desk: Arc<Desk>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(MAKERS)
        .thread_stack_size(STACK)
        .enable_all()
        .build()
        .context("cannot start the threads of the preview")?;
    let run = format!("{}-{}", std::process::id(), jiff::Timestamp::now().as_millisecond()).into();
    let front = Front { desk, port, run };
    let served = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let router = Router::new().route("/_galen/events", routing::any(events)).fallback(anything).with_state(front);
        tokio::select! {
            served = async { axum::serve(listener, router).await } => served,
            () = asked_to_end() => Ok(()),
        }
    });
    runtime.shutdown_timeout(LAST);
    served.context("cannot serve the preview")
}

/// Resolves when the process gets SIGTERM, or Ctrl+C is pressed.
async fn asked_to_end() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let ended = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let ended = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = ended => {}
    }
}

/// The numbers of new editions, beginning with the newest: whoever was asleep knows at once what it missed.
async fn events(State(front): State<Front>, request: Request) -> Response<Body> {
    if let Some(refused) = refused(&front, &request) {
        return refused;
    }
    let run = Arc::clone(&front.run);
    let numbers = WatchStream::new(front.desk.numbers());
    let stream = numbers.map(move |number| Ok::<_, Infallible>(Event::default().data(format!("{run} {number}"))));
    let mut response = Sse::new(stream).keep_alive(KeepAlive::default()).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn anything(State(front): State<Front>, request: Request) -> Response<Body> {
    if let Some(refused) = refused(&front, &request) {
        return refused;
    }
    let desk = Arc::clone(&front.desk);
    let made = tokio::task::spawn_blocking(move || {
        let (uri, headers) = (request.uri(), request.headers());
        answer(&desk, &Question { path: uri.path(), query: uri.query().unwrap_or_default(), day: day(headers) })
    });
    match made.await {
        Ok(answer) => response(answer),
        Err(_) => response(Answer::new(500, "text/plain; charset=utf-8", "This page could not be made.")),
    }
}

fn refused(front: &Front, request: &Request) -> Option<Response<Body>> {
    let path = request.uri().path();
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let private = decoded.starts_with(OWN.trim_end_matches('/'));
    let (status, why) = guard::check(request.method(), request.uri(), request.headers(), front.port, private).err()?;
    Some(response(Answer::new(status, "text/plain; charset=utf-8", why)))
}

/// The day that the editor chose.
fn day(headers: &HeaderMap) -> Option<Date> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == DAY)?.1.parse().ok()
}

fn response(answer: Answer) -> Response<Body> {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        // What a site's own `_headers` holds may be no header at all.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers.entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("SAMEORIGIN"));
    response
}
