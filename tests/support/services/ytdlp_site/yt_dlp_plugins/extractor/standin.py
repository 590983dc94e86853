"""Extractors for a video site that only exists on this machine.

They are real plugins of yt-dlp (its README, "Plugins"): yt-dlp finds, chooses and runs them as it
runs its own, and they fail by the same helpers that those use.
"""

import subprocess
import time
from typing import Any

from yt_dlp.extractor.common import InfoExtractor, SearchInfoExtractor

_HOST = r"http://127\.0\.0\.1:\d+"


class StandInIE(InfoExtractor):
    """One song, with what its page says."""

    _VALID_URL = rf"(?P<base>{_HOST})/watch/(?P<id>[\w-]+)(?:\?list=(?P<list>\w+))?"

    def _real_extract(self, url: str) -> Any:
        this: Any = self
        base, video_id, playlist = this._match_valid_url(url).group("base", "id", "list")
        if this._yes_playlist(playlist, video_id):
            return this.url_result(f"{base}/list/{playlist}")
        said = this._download_json(f"{base}/api/{video_id}", video_id)
        trouble = said.get("trouble")
        if trouble in {"region", "login", "age", "drm", "removed"}:
            _refuse(this, trouble, video_id)
        if trouble is not None:
            return _misbehave(this, trouble, base, said)
        return {"id": video_id, **said}


def _refuse(this: Any, trouble: str, video_id: str) -> None:
    """Refuse as yt-dlp's own extractors do."""
    match trouble:
        case "region":
            this.raise_geo_restricted(countries=["XX"])
        case "login":
            this.raise_login_required()
        case "age":
            this.raise_no_formats("Sign in to confirm your age", expected=True)
        case "drm":
            this.report_drm(video_id)
        case _:
            this.raise_no_formats("Video unavailable. It has been removed", expected=True)


def _misbehave(this: Any, trouble: str, base: str, said: Any) -> Any:
    """Do what an extractor must not do, or cannot help doing."""
    match trouble:
        case "hang":
            time.sleep(600)
        case "greedy":
            return {"id": bytearray(8 * 1024**3)}
        case "inward":
            this._download_webpage("http://10.1.2.3/latest/meta-data", "inward")
        case "generic":
            return this.url_result(f"{base}/a.mp3", "Generic")
        case "program":
            subprocess.run(["/usr/bin/touch", said["mark"]], check=False)
        case _:
            pass
    return {"id": said["a field the site has renamed"]}


class StandInListIE(InfoExtractor):
    """A list that is sent in pages of 50."""

    _VALID_URL = rf"(?P<base>{_HOST})/list/(?P<id>\w+)"

    def _entries(self, base: str, list_id: str) -> Any:
        this: Any = self
        page = 0
        while True:
            said = this._download_json(f"{base}/api/list/{list_id}?page={page}", list_id)
            for song in said["songs"]:
                yield this.url_result(
                    f"{base}/watch/{song}", StandInIE, song, f"Song {song}", duration=60
                )
            if not said["more"]:
                return
            page += 1

    def _real_extract(self, url: str) -> Any:
        this: Any = self
        base, list_id = this._match_valid_url(url).group("base", "id")
        return this.playlist_result(self._entries(base, list_id), list_id, "A long list")


class StandInSearchIE(SearchInfoExtractor):
    """The site's search; the first word of the query is its port."""

    _SEARCH_KEY = "standinsearch"

    def _search_results(self, query: str) -> Any:
        this: Any = self
        port, words = query.split(" ", 1)
        base = f"http://127.0.0.1:{port}"
        for song in this._download_json(f"{base}/api/search", words, query={"q": words})["songs"]:
            yield this.url_result(
                f"{base}/watch/{song}", StandInIE, song, f"{words} {song}", channel="A - Topic"
            )
