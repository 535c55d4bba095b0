#!/usr/bin/env python3
"""SRT to WebVTT, whole processes: ours, ffmpeg, and each one's start alone. Medians, in turn.
    bench/subtitle_peer.py TRIBUNE FILM.srt [ROUNDS]"""
import shutil
import statistics
import subprocess
import sys
import time

tribune, film = sys.argv[1:3]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 15
runs = {'tribune': [tribune, 'subtitle', 'convert', film, '-', '--to', 'vtt'],
        'tribune, its start': [tribune, '--version']}
if shutil.which('ffmpeg'):
    runs['ffmpeg'] = ['ffmpeg', '-v', 'error', '-i', film, '-f', 'webvtt', '-']
    runs['ffmpeg, its start'] = ['ffmpeg', '-version']
else:
    print('no ffmpeg here: alone')

times = {name: [] for name in runs}
for _ in range(rounds):
    for name, words in runs.items():
        began = time.perf_counter()
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        times[name].append((time.perf_counter() - began) * 1000)
for name, all_times in times.items():
    print(f'{name:24} {statistics.median(all_times):6.1f} ms')
